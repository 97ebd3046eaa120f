// Plan 7.4.1: time to first token by prompt size; MODELS=a,b,c takes the models in turn.
import { phases } from '../lib/load';
import { defineTest } from '../lib/run';
import { promptSizes } from '../lib/workload';
import objectives from '../thresholds/ttft.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'ttft',
  objectives,
  load: phases({ load: { rate: 10, for: '10m' } }),
  workload: promptSizes,
});
export default run;
