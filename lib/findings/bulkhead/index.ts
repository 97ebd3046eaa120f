export { bulkheadFindings } from './findings';
export { sickAndWell, sickLoad } from './phases';
export { cureSick, makeSick } from './sick';
