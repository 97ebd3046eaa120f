export { defineTest } from './define';
export { acrossModels, givingUpAfter, holdingAtOnce, inBursts, inRounds, onPhases, untilBroken } from './features';
export { withProviderRecord } from './provider-record';
export type { Feature, TestDef } from './test';
