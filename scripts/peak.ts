// Plan 7.4.3, peak: the plan names no ramp, its test case one of 10 min before the full load.
import { resourceUse } from '../lib/findings';
import { phases } from '../lib/load';
import { defineTest } from '../lib/run';
import { planMix } from '../lib/workload';
import objectives from '../thresholds/peak.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'peak',
  objectives,
  load: phases({
    ramp: { rate: 250, in: '10m', for: '0s' },
    load: { rate: 250, for: '1h', users: 500 },
  }),
  workload: planMix,
  findings: [resourceUse('load')],
});
export default run;
