// Plan 7.4.3, stress: from the peak's 500 users and 250 requests/s up by 50/s every 5 min to twice the peak, and on until
// it breaks (test cases: more than 10 % errors, or p99 over 15 s). Then the highest rate that keeps to the peak's limits.
import {
  afterClimb,
  breakingPoint,
  capacityFindings,
  climbSteps,
  higherSteps,
  stepsHeld,
  stressLoad,
  timeToRecover,
  tried,
} from '../lib/findings';
import { defineTest, notingFailures, searchingCapacity, untilBroken } from '../lib/run';
import { planMix } from '../lib/workload';
import objectives from '../thresholds/stress.json';

const broken = { steps: [...climbSteps, ...higherSteps], errors: 0.1, p99: 15_000 };
const held = { errors: 0.05, p95: 5000 };

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'stress',
  objectives,
  load: stressLoad,
  workload: planMix,
  findings: [
    breakingPoint(broken),
    stepsHeld({ ...broken, steps: climbSteps }),
    capacityFindings(held),
    timeToRecover(afterClimb, { within: 0.1, of: 'before' }),
  ],
  with: [untilBroken(broken, afterClimb), searchingCapacity(held), notingFailures(tried)],
});
export default run;
