// Conversations: the real answer goes into the next turn, and what becomes of the provider's cache of their beginnings.
import { sessionFindings } from '../lib/findings';
import { phases } from '../lib/load';
import { defineTest, inSessions, withProviderRecord } from '../lib/run';
import { dialogues } from '../lib/workload';
import objectives from '../thresholds/sessions.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'sessions',
  objectives,
  load: phases({ load: { rate: 5, for: '10m' } }),
  workload: dialogues,
  findings: [sessionFindings],
  with: [inSessions(), withProviderRecord({ ownIds: true })],
});
export default run;
