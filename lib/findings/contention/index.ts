export { contentionFindings } from './findings';
export { contentionWorkload, heldMs, ladderKinds, ladderLoad, oneKey } from './load';
