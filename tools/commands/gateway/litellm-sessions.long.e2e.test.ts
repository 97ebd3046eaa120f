import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sound, undisturbed, why } from '../../testing/k6';
import { models } from './litellm-config';
import { runLiteLLM } from './running.fixture';

/*
 * The script sessions, unchanged, on the three wires that LiteLLM speaks to its clients, before a provider that keeps the
 * beginnings of prompts.
 */

const lite = runLiteLLM((simulator) =>
  simulator.configure({
    provider: { models: { '*': { ttft_ms: [40, 60], ttft_per_1k_prompt_tokens_ms: 40, output_tokens: 16 } } },
  }),
);

for (const wire of ['chat', 'messages', 'responses'])
  test(`${wire}: conversations go on with the answers that LiteLLM gave, and their beginnings reach the provider as they were`, async (t) => {
    if (lite.cannot) return t.skip(lite.cannot);
    const record = sound(
      await undisturbed('dist/sessions.js', {
        env: {
          ...{ BASE_URL: lite.gateway.base, API_KEY: lite.gateway.key, PROVIDER_URL: lite.simulator.provider },
          ...{ WIRE: wire, AUTH: 'bearer', MODEL: models.chat.openai },
          ...{ VUS: '4', DURATION: '12s', THINK: '200ms', TOOL_DELAY: '50ms', TURNS: '4-5' },
        },
      }),
    );
    for (const { id, text } of record.findings) t.diagnostic(`${id}: ${text}`);
    assert.deepEqual([...new Set(record.outcomes.map(({ outcome }) => outcome))], ['ok'], why(record));
    const found = (id: string) => record.findings.find((each) => each.id === id)!;
    assert.equal(found('prefix-changed').value, 0, found('prefix-changed').text);
    assert.equal(found('session-scattered').value, 0, found('session-scattered').text);
    const turns = record.metrics.llm_ttft?.map(({ tags }) => tags.size);
    assert.ok(turns?.includes('turn-4'), `${turns?.join(', ')}`);
  });
