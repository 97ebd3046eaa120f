// Plan 7.4.5 (database pools) and 7.4.2 (workers, limits): how many requests of each kind are served at once, up to the
// peak's 500 users; what limits them; and what calls that hang do to the others.
import { contentionFindings, contentionWorkload, heldMs, ladderKinds, ladderLoad, oneKey } from '../lib/findings';
import { climbing, defineTest, hanging, notingFailures, waitingFor, withOneKey } from '../lib/run';
import objectives from '../thresholds/contention.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'contention',
  objectives,
  load: ladderLoad,
  workload: contentionWorkload,
  findings: [contentionFindings],
  with: [
    waitingFor('60s'), // longer than SQLAlchemy's pool has a request wait by default
    climbing([...ladderKinds, oneKey]),
    hanging('hung', heldMs),
    withOneKey(oneKey),
    notingFailures(['before', 'hung', 'after']),
  ],
});
export default run;
