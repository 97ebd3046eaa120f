export { growthLaw, lawAt, lawNeedsText, sizeAt, type GrowthLaw } from './law';
export type { Point } from './pieces';
export type { Step } from './step';
export { counted, grows, growthWords, lawText, stepText } from './words';
