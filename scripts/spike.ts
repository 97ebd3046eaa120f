// Plan 7.4.3, spike.
import { errorShare, timeToRecover } from '../lib/findings';
import { phases } from '../lib/load';
import { defineTest } from '../lib/run';
import { planMix } from '../lib/workload';
import objectives from '../thresholds/spike.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'spike',
  objectives,
  load: phases({
    before: { rate: 10, for: '2m' },
    spike: { rate: 500, in: '10s', for: '5m' },
    recovery: { rate: 10, for: '15m' },
  }),
  workload: planMix,
  findings: [errorShare('spike'), timeToRecover('recovery', { within: 0.1, of: 'before' })],
});
export default run;
