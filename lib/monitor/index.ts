export {
  isAnother,
  knownNames,
  pageMetrics,
  readPage,
  restarted,
  valuesSince,
  type FamilyNames,
  type Raw,
} from './families';
export { addToTimeline, resourceReports, type AroundNote, type PageNote, type ResourceReport } from './report';
