// Plan 7.4.2 (event loop, services beside each other): what each kind of request does to the others that are sent in the
// same moment, for how long each call blocks the event loop, and stalls with no request at fault.
import { groupSize, interferenceFindings, interferenceLoad, interferenceWorkload } from '../lib/findings';
import { defineTest, inGroups } from '../lib/run';
import objectives from '../thresholds/interference.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'interference',
  objectives,
  load: interferenceLoad,
  workload: interferenceWorkload,
  findings: [interferenceFindings],
  with: [inGroups(groupSize)],
});
export default run;
