// For outcomes.e2e.test.ts: a whole test, from preflight to verdict, whose every request meets a fault of the simulated
// provider, drawn for each, half of them streams. Its patience is short, so that the silent ones end too.
import { FAULTS } from '../../simulator/faults/faults';
import { phases } from '../load';
import { defineTest, givingUpAfter } from '../run';
import type { Workload } from '../workload';

const workload: Workload = {
  kinds: ['chat'],
  next(random) {
    const fault = FAULTS[random.below(FAULTS.length)]!;
    const content = `Say something. [[sim ttft=100 rate=100 tokens=20 jitter=0 fault=${fault} delay=400]]`;
    return { kind: 'chat', size: fault, plain: random.below(2) === 1, messages: [{ role: 'user', content }] };
  },
};

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'faults',
  objectives: {
    row: 'every fault',
    objectives: [{ name: 'success', metric: 'llm_stream_error', stat: 'share', atMost: 0.05, source: 'this test' }],
  },
  load: phases({ load: { rate: 40, for: '4s' } }),
  workload,
  with: [givingUpAfter('2s')],
});
export default run;
