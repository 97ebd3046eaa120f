export { defineTest, type Context, type TestDef } from './define';
export {
  breakingPoint,
  drift,
  errorShare,
  timeToRecover,
  type Figures,
  type FindingOf,
  type FindingsOf,
  type Observed,
} from './findings';
export { phases, type Load } from './phases';
