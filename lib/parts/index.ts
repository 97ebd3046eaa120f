export { add } from './add';
export { partDoubts, type PartRecord } from './doubts';
export { mergeOutputs, mergeParts, mergeTraces, takeResources, worstError, type Merged } from './merged';
