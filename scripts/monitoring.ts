// Plan 7.4.6, monitoring: whether the target's own page and traces tell the truth, and what it costs to ask for them.
import { monitoringFindings, monitoringLoad } from '../lib/findings';
import { defineTest, monitoring, readingAround, withNotes } from '../lib/run';
import { chatsBothWays } from '../lib/workload';
import objectives from '../thresholds/monitoring.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'monitoring',
  objectives,
  load: ({ seed }) => monitoringLoad(seed),
  workload: chatsBothWays,
  findings: [monitoringFindings],
  with: [withNotes(), monitoring(), readingAround(10)],
});
export default run;
