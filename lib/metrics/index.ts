export { gapSamples, isMetricName, metricDefs, metrics, type Metric, type MetricName, type TargetMetric } from './table';
export { measure, tpot, type Measured, type Values } from './measure';
export { countBelow, emptyHistogram, mean, merge, quantile, valueAtRank } from './histogram';
