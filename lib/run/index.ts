export { defineTest } from './define';
export {
  acrossModels,
  climbing,
  givingUpAfter,
  hanging,
  holdingAtOnce,
  inBursts,
  inRounds,
  notingFailures,
  onPhases,
  untilBroken,
  waitingFor,
  withOneKey,
} from './features';
export { withProviderRecord } from './provider-record';
export type { Feature, TestDef } from './test';
