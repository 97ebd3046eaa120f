// Plan 7.4.2 and its test cases: agencies with a key each. Whether all are served alike, what one that sends most of the
// load does to the others, and how long the target needs for a load that rises or changes.
import { agenciesLoad, agenciesWorkload, agencyFindings, heavy } from '../lib/findings';
import { defineTest, withHeavyKey } from '../lib/run';
import objectives from '../thresholds/agencies.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'agencies',
  objectives,
  load: agenciesLoad,
  workload: agenciesWorkload,
  findings: [agencyFindings],
  with: [withHeavyKey(heavy)],
});
export default run;
