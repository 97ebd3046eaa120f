export { jsonOf, type RequestNote, withId } from './note';
export { patchProvider, readTruth, truthRefused } from './provider';
export { alignment, attemptsOf, deploymentOf, type Attempt, type TruthRecord } from './record';
export { remember, remembered } from './remember';
