// The gateway's own time per request and per chunk: a simulated provider behind it has written down when it did what.
import { overheadFindings, overheadValues } from '../lib/findings';
import { phases } from '../lib/load';
import { defineTest, withProviderRecord } from '../lib/run';
import { promptSizes } from '../lib/workload';
import objectives from '../thresholds/overhead.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'overhead',
  objectives,
  load: phases({ load: { rate: 5, for: '5m' } }),
  workload: promptSizes,
  findings: [overheadFindings],
  with: [withProviderRecord({ chunks: true, required: true, values: overheadValues })],
});
export default run;
