export { jsonOf, type RequestNote, withId } from './note';
export { patchProvider, readTruth, truthRefused } from './provider';
export { alignment, attemptsOf, type Attempt, type TruthRecord } from './record';
