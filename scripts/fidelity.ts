// Plan 7.4.6, environment: whether the same small load gives the same again, what the environment is, and what differs
// from an earlier record (RECORD).
import { fidelityFindings, fidelityLoad } from '../lib/findings';
import { defineTest, knowingTheEnvironment, withNotes } from '../lib/run';
import { chats } from '../lib/workload';
import objectives from '../thresholds/fidelity.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'fidelity',
  objectives,
  load: fidelityLoad,
  workload: chats,
  findings: [fidelityFindings],
  with: [knowingTheEnvironment(), withNotes()],
});
export default run;
