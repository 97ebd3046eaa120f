export { ceilingOf, type Ceiling } from './ceiling';
export { capacityOf, nextRate, type Capacity, type Trial } from './capacity';
export { heldAfter, limitsOf, type Limit, type Nature } from './nature';
export { failuresByOutcome, failuresOf, rateOf, type Ladder, type Rung } from './rungs';
export { scalability, throughput, type Scalability } from './scalability';
