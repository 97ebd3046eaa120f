export { resourceGrowth, resourceUse, ttftGrowth } from './findings';
export { addToTimeline, pageNotes, resourceReports, type ResourceReport } from './report';
export { pagesRefused, scenario, watch } from './watch';
