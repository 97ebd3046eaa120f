export { bulkheadFindings, cureSick, makeSick, sickAndWell, sickLoad } from './bulkhead';
export { costFindings } from './cost';
export { clearFault, failoverFindings, faultLoad, setFault } from './failover';
export { resourceGrowth, resourceUse, ttftGrowth } from './growth';
export type { Context, DerivedValues, FindingOf, FindingsOf, Measurements, Observed } from './observed';
export { overheadFindings, overheadValues } from './overhead';
export { breakingPoint, drift, errorShare, isBroken, stepsHeld, timeToRecover, type Breaking } from './phases';
export { providerFindings } from './providers';
