// For scripts/overhead.alone.e2e.test.ts: scripts/overhead.ts with delays that are known, drawn for each request, so
// that what this machine does meanwhile falls on all of them alike. Few chunks: the reference gateway keeps its delays
// exactly only while it is not busy.
import { phases } from '../load';
import { defineTest, withProviderRecord } from '../run';
import type { Workload } from '../workload';
import { overheadFindings, overheadValues } from '.';
import { knownDelays } from './overhead-delays.fixture';

const workload: Workload = {
  kinds: ['chat'],
  next(random) {
    const size = knownDelays[random.below(knownDelays.length)]!;
    const chunks = size.startsWith('overhead_chunk') ? 'tokens=12' : 'tokens=4';
    return {
      kind: 'chat',
      size,
      messages: [
        { role: 'user', content: `Say something. [[sim ttft=60 rate=25 chunk=1 ${chunks} jitter=0 ${size}]]` },
      ],
    };
  },
};

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'overhead-known',
  objectives: {
    row: 'known delays',
    objectives: [{ name: 'success', metric: 'llm_stream_error', stat: 'share', atMost: 0.05, source: 'ours' }],
  },
  load: phases({ load: { rate: 16, for: '24s' } }),
  workload,
  findings: [overheadFindings],
  with: [withProviderRecord({ chunks: true, required: true, values: overheadValues })],
});
export default run;
