// Plan 7.4.3, stress: from the peak's 500 users and 250 requests/s up by 50/s every 5 min, until it breaks or reaches
// twice the peak. Broken (test cases): more than 10 % errors, or p99 over 15 s.
import { breakingPoint, stepsHeld, timeToRecover } from '../lib/findings';
import { phases } from '../lib/load';
import { defineTest, untilBroken } from '../lib/run';
import { planMix } from '../lib/workload';
import objectives from '../thresholds/stress.json';

const climb = {
  'step-1': { rate: 250, in: '1m', for: '5m', users: 500 },
  'step-2': { rate: 300, for: '5m', users: 600 },
  'step-3': { rate: 350, for: '5m', users: 700 },
  'step-4': { rate: 400, for: '5m', users: 800 },
  'step-5': { rate: 450, for: '5m', users: 900 },
  'step-6': { rate: 500, for: '5m', users: 1000 },
};
const broken = { steps: Object.keys(climb), errors: 0.1, p99: 15_000 };

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'stress',
  objectives,
  load: phases({ before: { rate: 50, for: '2m' }, ...climb, recovery: { rate: 50, for: '5m' } }),
  workload: planMix,
  findings: [breakingPoint(broken), stepsHeld(broken), timeToRecover('recovery', { within: 0.1, of: 'before' })],
  with: [untilBroken(broken, 'recovery')],
});
export default run;
