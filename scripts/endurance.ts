// Plan 7.4.3, endurance: 4 to 8 hours; DURATION=8h makes it the longer.
import { resourceGrowth, resourceUse, ttftGrowth } from '../lib/findings';
import { phases } from '../lib/load';
import { defineTest } from '../lib/run';
import { planMix } from '../lib/workload';
import objectives from '../thresholds/endurance.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'endurance',
  objectives,
  load: phases({ load: { rate: 200, for: '4h' } }),
  workload: planMix,
  findings: [ttftGrowth('load'), resourceGrowth, resourceUse('load')],
});
export default run;
