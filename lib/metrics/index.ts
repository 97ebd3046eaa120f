export {
  gapSamples,
  isMetricName,
  metricDefs,
  metrics,
  type Metric,
  type MetricName,
  type TargetMetric,
  type Values,
} from './table';
export { countBelow, emptyHistogram, mean, merge, quantile, valueAtRank } from './histogram';
