import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startSimulator, type Simulator } from '../tools/programs/simulator';
import { sound, undisturbed, why } from '../tools/testing/k6';

/*
 * Conversations on every wire, against a provider that keeps the beginnings of prompts.
 */
let simulator: Simulator;
before(async () => {
  simulator = await startSimulator();
  await simulator.configure({
    provider: {
      models: {
        claude_3_haiku: {
          ttft_ms: [40, 60],
          ttft_per_1k_prompt_tokens_ms: 40,
          output_tokens: 16,
          tokens_per_second: 400,
        },
      },
    },
  });
});
after(() => simulator.stop());

for (const wire of ['chat', 'responses', 'messages', 'completions'])
  test(`${wire}: the answer goes into the next turn, and its tokens from the cache are counted as the provider does`, async () => {
    const record = sound(
      await undisturbed('dist/sessions.js', {
        env: {
          BASE_URL: simulator.provider,
          PROVIDER_URL: simulator.provider,
          API_KEY: 'any',
          WIRE: wire,
          ...(wire === 'completions' ? {} : { TOOL_SHARE: '0.5', IMAGE_SHARE: '0.3' }),
          ...{ VUS: '16', DURATION: '12s', THINK: '80ms', TOOL_DELAY: '50ms', TURNS: '4-5' },
        },
      }),
    );
    assert.equal(record.verdict, 'PASS', why(record));
    const found = (id: string) => record.findings.find((each) => each.id === id);
    assert.ok(found('prefix-cached')!.value! > 0.85, found('prefix-cached')!.text);
    assert.equal(found('cached-tokens-told')!.value, 0, found('cached-tokens-told')!.text);
    assert.equal(found('prefix-changed')!.value, 0, found('prefix-changed')!.text);
    assert.match(found('cache-hit-saves')!.text, /ms \[.*\] sooner than one whose beginning is new/);
    // A tool and its result make conversations longer than the questions that were asked.
    const turns = record.metrics.llm_session_turns?.find(({ tags }) => tags.size === 'session')?.max ?? 0;
    assert.ok(wire === 'completions' ? turns <= 5 : turns > 4, `${turns} turns at most`);
  });
