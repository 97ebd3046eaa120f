// Plan 7.4.2: gateway and load balancer. The same requests over kept and over new connections, through the balancer and past
// it, in random rounds: what a connection costs, whether it is kept, and whether all instances get as much and are as fast.
import { balanceCall, balanceCases, balanceFindings } from '../lib/findings';
import { phases } from '../lib/load';
import { defineTest, inCases, withConnections } from '../lib/run';
import { listsAndChats } from '../lib/workload';
import objectives from '../thresholds/balance.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'balance',
  objectives,
  load: phases({ load: { rate: 50, for: '10m' } }),
  workload: listsAndChats,
  findings: [balanceFindings],
  with: [
    inCases(
      ({ baseUrls }) => balanceCases(baseUrls),
      ({ case: drawn, round }) => balanceCall(drawn, round),
    ),
    withConnections(),
  ],
});
export default run;
