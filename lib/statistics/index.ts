export { changePoints, changesNeed, type ChangeOptions, type ChangePoint } from './change-points';
export { chiSquaredP } from './chi-squared';
export { weights, type LongRun, type Stretch } from './dependence';
export {
  differenceOf,
  meanEstimator,
  meanInterval,
  quantileEstimator,
  quantileInterval,
  rateEstimator,
  rateInterval,
  shareBelow,
  shareEstimator,
  shareInterval,
  type Estimate,
  type Estimator,
} from './dependent-intervals';
export { differenceNeeds, medianDifference, type Difference } from './differences';
export { growth, growthNeeds, type Growth, type Reading } from './growth';
export { countBelow, emptyHistogram, mean, merge, quantile, quantiles, valueAtRank } from './histogram';
export { samplesNeeded, wilson, z95 } from './intervals';
export { lineThrough, type Line } from './line';
export { ofHistogram, ofValues, type Observations } from './observations';
export { fewFor, intervalOf, medianOf, quantileOf, quantileRanks } from './quantiles';
export { random, shuffled, type Random } from './random';
export { lengthFactor } from './run-length';
export { ascending, meanOf, sumOf } from './samples';
export { batchesOf, coarse, mergeBatches, type Batches } from './stretches';
export { holm, pValue, type Weighted } from './significance';
export { lookAlphas } from './spending';
export { normalQuantile, reach } from './student';
