import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startSimulator, type Simulator } from '../../../tools/programs/simulator';
import type { Case } from '../outcomes.fixture';
import { tell, type Told } from '../../../tools/testing/outcomes';

/*
 * The same faults on every wire must have the same outcomes, and the same answer the same figures, whatever its words.
 */

const wires = ['chat', 'responses', 'messages', 'completions'] as const;

interface Row {
  name: string;
  directive: string;
  outcome: string;
  plain?: boolean;
  tokens?: number;
}
const rows: Row[] = [
  { name: 'stream', directive: 'tokens=8 ttft=60 rate=50 jitter=0 chunk=1', outcome: 'ok', tokens: 8 },
  { name: 'plain', directive: 'tokens=8 ttft=5 rate=1000', outcome: 'ok', tokens: 8, plain: true },
  { name: 'no_finish', directive: 'fault=no_finish tokens=4 rate=1000', outcome: 'truncated' },
  { name: 'error_event', directive: 'fault=error_event after=2 tokens=6 rate=1000', outcome: 'stream_error' },
  { name: 'cut', directive: 'fault=cut after=2 tokens=6 rate=1000', outcome: 'reset' },
  { name: 'hang_mid', directive: 'fault=hang_mid after=2 tokens=6 rate=1000', outcome: 'timeout_idle' },
  { name: '503', directive: 'fault=503', outcome: 'http_5xx' },
  { name: '429', directive: 'fault=429', outcome: 'http_429' },
  { name: 'plain_503', directive: 'fault=503', outcome: 'http_5xx', plain: true },
];

let simulator: Simulator;
let told: Told;
before(async () => {
  simulator = await startSimulator();
  const cases = wires.flatMap((wire) =>
    rows.map(
      ({ name, directive, plain }): Case => ({
        name: `${wire} ${name}`,
        base: simulator.provider,
        prompt: `Hello. [[sim ${directive}]]`,
        plain,
        patience: 1500,
        env: { WIRE: wire },
      }),
    ),
  );
  told = await tell(cases);
});
after(() => simulator.stop());

const measured = (name: string, metric: string) =>
  told.measured.find((row) => row.name === name && row.metric === metric)?.value;

for (const wire of wires)
  for (const { name, outcome, tokens, plain } of rows)
    test(`${wire}, ${name}: ${outcome}`, () => {
      const full = `${wire} ${name}`;
      const answer = told.answers.find((each) => each.name === full);
      assert.equal(told.counted.find((each) => each.name === full)?.outcome, outcome, answer?.error);
      if (outcome === 'ok') assert.deepEqual(answer?.remarks, []);
      if (tokens === undefined) return;
      assert.equal(measured(full, 'llm_completion_tokens'), tokens);
      assert.equal(measured(full, 'llm_prompt_tokens'), measured(`chat ${name}`, 'llm_prompt_tokens'));
      if (plain) return;
      // The events before the first token (its role, its block, its item) are none.
      assert.ok(measured(full, 'llm_ttft')! >= 59, `TTFT ${measured(full, 'llm_ttft')} ms`);
      assert.equal(measured(full, 'llm_tokens_per_chunk'), 1);
    });
