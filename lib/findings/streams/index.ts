export { streamsFindings } from './findings';
export { hangUp, streamsLoad, streamsWorkload } from './load';
