// Test cases of start, warm-up and shutdown: the target is stopped and started again under load, three times.
import { restartFindings, restartLoad, restartPhases } from '../lib/findings';
import { acrossModels, defineTest, restarting, withNotes } from '../lib/run';
import { chatsBothWays } from '../lib/workload';
import objectives from '../thresholds/restart.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'restart',
  objectives,
  load: restartLoad,
  workload: chatsBothWays,
  findings: [restartFindings],
  with: [acrossModels(['claude_3_haiku', 'gemini-2.0-flash']), restarting(restartPhases), withNotes()],
});
export default run;
