// For last-resort.e2e.test.ts: a run whose judging throws, as a fault of the suite's own would.
import { finding } from '../findings';
import { phases } from '../load';
import { defineTest } from './define';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'unjudged',
  objectives: {
    row: 'a fault of the suite itself',
    objectives: [{ name: 'success', metric: 'llm_stream_error', stat: 'share', atMost: 0.05, source: 'this test' }],
  },
  load: phases({ load: { rate: 10, for: '1s' } }),
  workload: {
    kinds: ['chat'],
    next: () => ({ kind: 'chat', size: 'probe', messages: [{ role: 'user', content: 'Hello.' }] }),
  },
  findings: [
    finding('impossible', () => {
      throw new Error('a formula that cannot be');
    }),
  ],
});
export default run;
