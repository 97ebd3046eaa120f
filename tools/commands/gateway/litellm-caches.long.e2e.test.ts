import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sound, undisturbed, why } from '../../testing/k6';
import { models } from './litellm-config';
import { runLiteLLM } from './running.fixture';

/*
 * LiteLLM's own cache of answers as its header tells it, and rerankers of four providers behind it.
 */

const lite = runLiteLLM(undefined, true);

const run = async (script: string, env: Record<string, string>) =>
  sound(
    await undisturbed(`dist/${script}.js`, {
      env: { BASE_URL: lite.gateway.base, API_KEY: lite.gateway.key, PROVIDER_URL: 'none', ...env },
    }),
  );

for (const uses of [true, false])
  test(`its cache is ${uses ? 'on' : 'off'}: x-litellm-cache-key tells which answers came from it`, async (t) => {
    if (lite.cannot) return t.skip(lite.cannot);
    await lite.simulator.configure({ provider: { models: { '*': { ttft_ms: [10, 20], output_tokens: 5 } } } });
    // Slowly: what is asked before the first answer has come cannot be a hit.
    const record = await run('caching', {
      ...{ MODEL: models.chat.openai, CACHE_HEADER: 'x-litellm-cache-key', RATE: '6', DURATION: '19s' },
      BODY: JSON.stringify({ cache: { 'use-cache': uses } }),
    });
    const found = record.findings.find(({ id }) => id === 'gateway-cache');
    t.diagnostic(found?.text ?? why(record));
    if (uses) {
      assert.ok(found!.value! > 0.5, found!.text);
      assert.match(
        found!.text,
        /, 0 of \d+ prompts of which the beginning alone was just sent, 0 of \d+ prompts that are new:/,
      );
    } else assert.match(found!.text, /^by the header of the answers, no cache of the gateway's gave one/);
    const counted = record.remarks?.find(({ remark }) => remark === 'answered by a cache')?.count ?? 0;
    assert.equal(counted > 0, uses, JSON.stringify(record.remarks));
  });

for (const [provider, EMBEDDING_MODEL] of Object.entries(models.rerank))
  test(`${provider}: rerank goes through LiteLLM, and what it tells of the tokens is read`, async (t) => {
    if (lite.cannot) return t.skip(lite.cannot);
    await lite.simulator.reset();
    const env = { KINDS: 'embedding', EMBEDDING_WIRE: 'rerank', EMBEDDING_MODEL, RATE: '15', DURATION: '4s' };
    const record = await run('mixed', env);
    assert.deepEqual([...new Set(record.outcomes.map(({ outcome }) => outcome))], ['ok'], why(record));
    const tokens = record.metrics.llm_prompt_tokens?.find(({ tags }) => Object.keys(tags).length === 0);
    t.diagnostic(
      `${provider}: ${tokens?.count} of ${record.counts.finished} answers tell their tokens, from ${tokens?.min} on`,
    );
    assert.equal(tokens?.count, record.counts.finished);
    assert.ok(tokens.min! > 5, `${tokens.min} tokens`);
  });
