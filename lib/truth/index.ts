export { jsonOf, type RequestNote, withId } from './note';
export { patchProvider, readTruth, remember, remembered, truthRefused } from './provider';
export { alignment, attemptsOf, deploymentOf, type Attempt, type TruthRecord } from './record';
