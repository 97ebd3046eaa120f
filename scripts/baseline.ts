// Plan 7.4.3, baseline: the plan names no ramp, its test case one of 5 min before the full load.
import { resourceUse } from '../lib/findings';
import { phases } from '../lib/load';
import { defineTest } from '../lib/run';
import { planMix } from '../lib/workload';
import objectives from '../thresholds/baseline.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'baseline',
  objectives,
  load: phases({
    ramp: { rate: 50, in: '5m', for: '0s' },
    load: { rate: 50, for: '30m', users: 100 },
  }),
  workload: planMix,
  findings: [resourceUse('load')],
});
export default run;
