export { capacityFindings, counting, holds, lastHeld, type Holding } from './findings';
export { afterClimb, climbSteps, higherBy, higherSteps, lastPhase, searchSteps, stressLoad, tried } from './load';
