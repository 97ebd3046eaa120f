export { failureReport, hammering, whereFailed, type FailureReport, type FailureSampleReport } from './failures';
export { instrumentReport, type InstrumentReport } from './instrument';
export { jUnit } from './junit';
export { ofThisSchema } from './older';
export { outputsReport } from './outputs';
export type { ClockOffset, MergedRun, PartReport } from './part';
export { safeParameters, type Environment, type RunRecord } from './run-record';
export { textSummary } from './text';
export { tracesReport } from './traces';
