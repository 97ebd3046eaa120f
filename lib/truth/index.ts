export { detailOf, servedBy, type RequestDetail } from './detail';
export { join, overhead, type Joined, type Overhead } from './join';
export { overheadFigures, overheadFindings } from './overhead';
export { jsonOf, type RequestNote, withId } from './note';
export { patchProvider, readTruth, settledTruth, truthRefused } from './provider';
export { alignment, attemptsOf, deploymentOf, type Attempt, type TruthRecord } from './record';
export { remember, remembered } from './remember';
