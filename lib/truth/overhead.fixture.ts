// For scripts/overhead.e2e.test.ts: scripts/overhead.ts with delays that are known, taken in turn, so that what this machine does
// meanwhile falls on all of them alike. Where the first token matters there are few others, so that the machine is quiet.
import { defineTest, phases } from '../load';
import type { Call } from '../workload';
import { overheadFigures, overheadFindings } from '.';

const delays = ['overhead=0', 'overhead=5', 'overhead=50', 'overhead_chunk=0', 'overhead_chunk=1', 'overhead_chunk=5'];
let turn = 0;

function next(): Call {
  const size = delays[turn++ % delays.length]!;
  const chunks = size.startsWith('overhead_chunk') ? 'chunk=1 tokens=30' : 'chunk=4 tokens=18';
  return { kind: 'chat', size, messages: [{ role: 'user', content: `Say something. [[sim ttft=60 rate=50 ${chunks} jitter=0 ${size}]]` }] };
}

export const { options, setup, run, teardown, handleSummary } = defineTest({
  script: 'overhead-known',
  objectives: { row: 'known delays', objectives: [{ name: 'success', metric: 'llm_stream_error', stat: 'share', atMost: 0.05, source: 'ours' }] },
  load: phases({ load: { rate: 30, for: '20s' } }),
  workload: { kinds: ['chat'], next },
  notes: 'chunks',
  needsTruth: true,
  figures: overheadFigures,
  findings: [overheadFindings],
});
export default run;
