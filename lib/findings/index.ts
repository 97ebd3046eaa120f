export { bulkheadFindings, cureSick, makeSick, sickAndWell, sickLoad } from './bulkhead';
export { contentionFindings, contentionWorkload, heldMs, ladderKinds, ladderLoad, oneKey } from './contention';
export { costFindings } from './cost';
export { clearFault, failoverFindings, faultLoad, setFault } from './failover';
export { resourceGrowth, resourceUse, ttftGrowth } from './growth';
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
export { overheadFindings, overheadValues } from './overhead';
export { breakingPoint, errorShare, isBroken, stepsHeld, timeToRecover, type Breaking } from './phases';
export { providerFindings } from './providers';
export { unsteady } from './stationarity';
export { contextFindings, searchLimit } from './sizes';
export { whoFails } from './who-fails';
