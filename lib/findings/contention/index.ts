export { contentionFindings } from './findings';
export { ladderKinds, oneKey } from './kinds';
export { contentionWorkload, heldMs, ladderLoad } from './load';
