export { streamsFindings } from './findings';
export { streamsLoad, streamsWorkload } from './load';
export { hangUp } from './names';
