// Plan 7.4.4: one provider slow, then hung, while another one's requests are measured: what the gateway shares between
// them.
import { bulkheadFindings, cureSick, makeSick, sickAndWell, sickLoad } from '../lib/findings';
import { acrossModels, defineTest, givingUpAfter, holdingAtOnce, onPhases, withProviderRecord } from '../lib/run';
import { chatsBothWays } from '../lib/workload';
import objectives from '../thresholds/bulkhead.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'bulkhead',
  objectives,
  load: sickLoad,
  workload: chatsBothWays,
  findings: [bulkheadFindings],
  with: [
    acrossModels(['claude_3_haiku', 'gemini-2.0-flash'], sickAndWell),
    givingUpAfter('10s', {
      atLeast: '5s',
      unseen: 'what a gateway does with calls that hang for longer is not seen',
    }),
    holdingAtOnce(150, {
      phase: 'hung',
      of: 0.75,
      unseen: 'a larger pool of the gateway (100 is common) is never full',
    }),
    onPhases(makeSick, cureSick),
    withProviderRecord(),
  ],
});
export default run;
