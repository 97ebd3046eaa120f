export { differenceNeeds, medianDifference, type Difference } from './differences';
export { growth, growthNeeds, warmUp, type Growth, type Reading } from './growth';
export { samplesNeeded, wilson, z95 } from './intervals';
export { intervalOf, medianOf, quantileOf, quantileRanks } from './quantiles';
export { random, type Random } from './random';
export { ascending, meanOf, sumOf } from './samples';
export {
  differenceOf,
  meanInterval,
  quantileInterval,
  rateInterval,
  shareBelow,
  shareInterval,
  type Estimate,
} from './dependent-intervals';
export { ofHistogram, ofValues, type Observations } from './observations';
export { lengthFactor, runLengthNeeded, valuesNeeded } from './run-length';
export { batchesOf, mergeBatches, type Batches } from './stretches';
