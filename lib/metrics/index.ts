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
export { carries, family, promptBucket, promptBuckets, tagText, type Tags } from './tags';
