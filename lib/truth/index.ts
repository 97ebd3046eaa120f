export { detailOf, isAnothers, servedBy, type RequestDetail } from './detail';
export type { EnvironmentRecord, Fact } from './fact';
export { endedBefore, hangUpAt, join, overhead, type Joined, type Overhead } from './join';
export {
  noteOf,
  withId,
  type FailureNote,
  type GroupNote,
  type RefreshNote,
  type RequestNote,
  type RestartNote,
  type RungNote,
  type TraceNote,
} from './note';
export { alignment, attemptsOf, deploymentOf, type Attempt, type TruthRecord } from './record';
export type { SentRequest } from './sent';
export type { TurnNote } from './turn';
export { unjoined } from './unjoined';
