export { interferenceFindings } from './findings';
export { groupSize, interferenceLoad, interferenceWorkload } from './load';
