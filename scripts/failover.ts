// Plan 7.4.4, provider failover: the primary is made to fail in each way, one after another, with a recovery after
// each.
import { clearFault, failoverFindings, faultLoad, setFault } from '../lib/findings';
import { defineTest } from '../lib/run';
import { chats } from '../lib/workload';
import objectives from '../thresholds/failover.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'failover',
  objectives,
  load: faultLoad,
  workload: chats,
  notes: true,
  patience: 10,
  onPhase: setFault,
  onEnd: clearFault,
  findings: [failoverFindings],
});
export default run;
