// Plan 7.4.2: the standard mix at the baseline's rate, judged by kind of request.
import { phases } from '../lib/load';
import { defineTest } from '../lib/run';
import { planMix } from '../lib/workload';
import objectives from '../thresholds/mixed.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'mixed',
  objectives,
  load: phases({
    ramp: { rate: 50, in: '5m', for: '0s' },
    load: { rate: 50, for: '30m', users: 100 },
  }),
  workload: planMix,
});
export default run;
