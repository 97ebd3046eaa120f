// The gateway's own time per request and per chunk: a simulated provider behind it has written down when it did what.
import { defineTest, phases } from '../lib/load';
import { overheadFigures, overheadFindings } from '../lib/truth';
import { promptSizes } from '../lib/workload';
import objectives from '../thresholds/overhead.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'overhead',
  objectives,
  load: phases({ load: { rate: 5, for: '5m' } }),
  workload: promptSizes,
  notes: 'chunks',
  needsTruth: true,
  figures: overheadFigures,
  findings: [overheadFindings],
});
export default run;
