// Plan 7.4.5, cost: what is paid for, against what the simulated provider behind the gateway counted.
import { costFindings } from '../lib/findings';
import { phases } from '../lib/load';
import { defineTest, withProviderRecord } from '../lib/run';
import { costCases } from '../lib/workload';
import objectives from '../thresholds/cost.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'cost',
  objectives,
  load: phases({ load: { rate: 5, for: '5m' } }),
  workload: costCases,
  findings: [costFindings],
  with: [withProviderRecord({ chunks: true, required: true })],
});
export default run;
