export {
  gapSamples,
  isMetricName,
  metricDefs,
  metrics,
  type Metric,
  type MetricName,
  type TargetMetric,
  type TargetValues,
} from './table';
export { countBelow, emptyHistogram, mean, merge, quantile, valueAtRank } from './histogram';
export { carries, family, tagText, type Tags } from './tags';
