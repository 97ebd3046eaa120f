// The whole path of a test, with nothing in it but streams: RATE=r per second, with BURST=n in groups of n at the same
// instant. The prompt is short and always the same, so that what is measured is the measuring.
import { phases } from '../lib/load';
import { defineTest, inBursts } from '../lib/run';
import objectives from './objectives.json';

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'bench-streams',
  objectives,
  load: phases({ load: { rate: 10, for: '10s' } }),
  workload: {
    kinds: ['chat'],
    next: () => ({ kind: 'chat', size: 'probe', messages: [{ role: 'user', content: 'Say something.' }] }),
  },
  with: __ENV.BURST === undefined ? [] : [inBursts(Number(__ENV.BURST))],
});
export default run;
