export {
  apartFromEarlier,
  blockOf,
  matrixOf,
  stallsIn,
  type Cell,
  type Change,
  type JudgedCell,
  type Moment,
  type Stalls,
} from './impact';
