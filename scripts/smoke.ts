// Before a real run: does everything answer?
import { phases } from '../lib/load';
import { defineTest } from '../lib/run';
import { oneOfEach } from '../lib/workload';
import objectives from '../thresholds/smoke.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'smoke',
  objectives,
  load: phases({ load: { rate: 5, for: '30s' } }),
  workload: oneOfEach,
});
export default run;
