export { inCases, type Turn } from './cases';
export { defineTest } from './define';
export { acrossModels, givingUpAfter, holdingAtOnce, inBursts, inRounds, onPhases, untilBroken } from './features';
export { climbing, hanging, notingFailures, waitingFor, withOneKey } from './held-features';
export { answerTokens, probingTheLimit } from './limit-probes';
export { withProviderRecord } from './provider-record';
export type { Feature, TestDef } from './test';
export { countOf, withTokenCounts } from './token-counts';
