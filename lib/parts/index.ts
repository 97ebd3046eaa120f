export { add } from './add';
export { partDoubts, startAfter, startsWithin, type PartRecord } from './doubts';
export { mergeOutputs, mergeParts, mergeTraces, takeResources, worstError, type Merged } from './merged';
