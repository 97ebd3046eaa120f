export { agenciesLoad, agenciesWorkload, agencyFindings, heavy } from './agencies';
export { balanceCall, balanceCases, balanceFindings } from './balance';
export { bulkheadFindings, cureSick, makeSick, sickAndWell, sickLoad } from './bulkhead';
export { cacheBlock, cachingFindings } from './caching';
export {
  afterClimb,
  capacityFindings,
  climbSteps,
  counting,
  higherBy,
  higherSteps,
  holds,
  lastHeld,
  lastPhase,
  searchSteps,
  stressLoad,
  tried,
  type Holding,
} from './capacity';
export { contentionFindings, contentionWorkload, heldMs, ladderKinds, ladderLoad, oneKey } from './contention';
export { costFindings } from './cost';
export { embeddingFindings, sizesPhase } from './embeddings';
export { clearFault, failoverFindings, faultLoad, setFault } from './failover';
export { resourceGrowth, resourceUse, ttftGrowth } from './growth';
export { costOfRequests, normalLoad, resourceLoad } from './resources';
export { restartFindings, restartLoad, restartPhases } from './restart';
export { isScraped, isTraced, monitoringFindings, monitoringLoad } from './monitoring';
export { fidelityFindings, fidelityLoad } from './fidelity';
export {
  finding,
  type Context,
  type DerivedValues,
  type FindingOf,
  type FindingsOf,
  type Measurements,
  type Observed,
  type ProbeNote,
} from './observed';
export { groupSize, interferenceFindings, interferenceLoad, interferenceWorkload } from './interference';
export { overheadFindings, overheadValues } from './overhead';
export { breakingPoint, errorShare, isBroken, stepsHeld, timeToRecover, type Breaking } from './phases';
export { bodySizes, pipelineFindings } from './pipeline';
export { providerFindings } from './providers';
export { sessionFindings } from './sessions';
export { unsteady } from './stationarity';
export { contextFindings, searchLimit } from './sizes';
export { streamingFindings } from './streaming';
export { hangUp, streamsFindings, streamsLoad, streamsWorkload } from './streams';
export { whoFails } from './who-fails';
