export { knownNames, readPage, restarted, valuesSince, type Raw } from './families';
export { addToTimeline, resourceReports, type PageNote, type ResourceReport } from './report';
