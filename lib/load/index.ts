export { defineTest, type TestDef } from './define';
export { breakingPoint, drift, errorShare, timeToRecover, type FindingOf } from './findings';
export { phases, type Load } from './phases';
