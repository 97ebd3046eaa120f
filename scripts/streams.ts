// Plan 7.4.1 and its test cases: many streams at once. How many are let in, how they keep their pace, whether each gets its
// own answer, and what is left of those whose clients have gone.
import { hangUp, streamsFindings, streamsLoad, streamsWorkload } from '../lib/findings';
import { defineTest, notingFailures, withProviderRecord } from '../lib/run';
import objectives from '../thresholds/streams.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'streams',
  objectives,
  load: streamsLoad,
  workload: streamsWorkload,
  findings: [streamsFindings],
  with: [withProviderRecord({ whose: hangUp }), notingFailures(['held-'])],
});
export default run;
