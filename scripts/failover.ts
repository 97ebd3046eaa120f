// Plan 7.4.4, provider failover: the primary is made to fail in each way, one after another, with a recovery after
// each. KINDS=chat,embedding and PLAIN_SHARE=0.5 send embeddings and plain calls too, and judge those apart.
import { clearFault, failoverFindings, faultLoad, setFault } from '../lib/findings';
import { defineTest, givingUpAfter, onPhases, unlessKinds, withProviderRecord } from '../lib/run';
import { chats, chatsOrEmbeddings } from '../lib/workload';
import objectives from '../thresholds/failover.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'failover',
  objectives,
  load: faultLoad,
  workload: chatsOrEmbeddings,
  findings: [failoverFindings],
  with: [
    unlessKinds(chats),
    givingUpAfter('10s', {
      atLeast: '5s',
      unseen:
        "what the gateway says after its own retries, a status 200 with nothing in it too, comes later and shows as the clients' time-out",
    }),
    onPhases(setFault, clearFault),
    withProviderRecord(),
  ],
});
export default run;
