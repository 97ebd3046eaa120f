import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError } from './check';
import { defaultConfig, patchConfig } from './config';
import { mergePatch } from './merge';

const base = defaultConfig();

test('a patch changes what it names and nothing else', () => {
  const changed = patchConfig(base, { provider: { models: { claude_3_haiku: { ttft_ms: 900 } } } }, []);
  assert.equal(changed.provider.models.claude_3_haiku?.ttft_ms, 900);
  assert.equal(
    changed.provider.models.claude_3_haiku?.tokens_per_second,
    base.provider.models.claude_3_haiku?.tokens_per_second,
  );
  assert.deepEqual(changed.gateway, base.gateway);
});

test('a new model may leave fields out, at any depth', () => {
  const changed = patchConfig(base, { provider: { models: { mine: { quota: { requests_per_minute: 5 } } } } }, []);
  assert.deepEqual(changed.provider.models.mine?.quota, { requests_per_minute: 5, tokens_per_minute: 0 });
});

test('null removes, * reaches all that exist', () => {
  const changed = patchConfig(base, { provider: { models: { llama3211b: null, '*': { jitter: 0 } } } }, []);
  assert.equal(changed.provider.models.llama3211b, undefined);
  assert.ok(Object.values(changed.provider.models).every((model) => model.jitter === 0));
  assert.deepEqual(mergePatch({ a: { x: 1 }, b: { x: 1 } }, { '*': { y: 2 }, b: { y: 3 } }), {
    a: { x: 1, y: 2 },
    b: { x: 1, y: 3 },
  });
});

const wrong: [unknown, RegExp][] = [
  [
    { provider: { models: { claude_3_haiku: { ttft_ms: 'fast' } } } },
    /^provider\.models\.claude_3_haiku\.ttft_ms is "fast", but must be a number from 0 to 3600000, or two/,
  ],
  [{ provider: { models: { claude_3_haiku: { ttft_ms: [5, 1] } } } }, /ttft_ms is \[5,1\]/],
  [{ provider: { models: { claude_3_haiku: { jitter: 1.1 } } } }, /jitter is 1\.1, but must be a number from 0 to 1/],
  [{ provider: { models: { claude_3_haiku: { failure: 'boom' } } } }, /failure is "boom", but must be one of 429/],
  [
    { provider: { models: { claude_3_haiku: { tfft_ms: 1 } } } },
    /claude_3_haiku\.tfft_ms is not a field; the fields here are capability, ttft_ms/,
  ],
  [
    { provider: { models: { claude_3_haiku: 3 } } },
    /claude_3_haiku is 3, but must be|provider\.models\.claude_3_haiku is 3/,
  ],
  [{ provider: { models: [] } }, /provider\.models is \[\], but must be an object/],
  [{ gateway: { flaws: { coalesce: 0 } } }, /gateway\.flaws\.coalesce is 0, but must be a whole number from 1/],
  [{ gateway: { flaws: { role_early: 1 } } }, /role_early is 1, but must be true or false/],
  [
    { gateway: { keys: { k: { scopes: ['everything'] } } } },
    /gateway\.keys\.k\.scopes\[0\] is "everything", but must be one of models:inference/,
  ],
  [{ gateway: { models: { m: { name: '' } } } }, /name is "", but must be a text/],
  [{ seed: -1 }, /^seed is -1/],
  [{ sede: 1 }, /^sede is not a field; the fields here are seed, truth_limit, provider, gateway\.$/],
  [{ truth_limit: null }, /truth_limit is absent, but must be a whole number/],
  [[], /must be a JSON object/],
];

for (const [patch, sentence] of wrong) {
  test(`refuses ${JSON.stringify(patch)}`, () => {
    assert.throws(
      () => patchConfig(base, patch, []),
      (error: Error) => error instanceof ConfigError && sentence.test(error.message),
    );
  });
}

test('the defaults keep to the figures of plan 7.4', () => {
  const rates: Record<string, [number, number]> = {
    claude: [80, 120],
    'anthropic.claude': [80, 120],
    gemini: [100, 150],
    llama: [50, 80],
    'meta.llama': [50, 80],
  };
  for (const [id, model] of Object.entries(base.provider.models)) {
    const [low, high] = model.ttft_ms as readonly [number, number];
    if (model.capability === 'embedding') {
      assert.ok(high < 100, id);
      continue;
    }
    const range = rates[Object.keys(rates).find((family) => id.startsWith(family)) ?? ''];
    assert.ok(range !== undefined && model.tokens_per_second >= range[0] && model.tokens_per_second <= range[1], id);
    const gap = (1000 * model.tokens_per_chunk) / model.tokens_per_second;
    assert.ok(low >= 200 && high <= 350 && gap * (1 - model.jitter) > 20 && gap * (1 + model.jitter) < 50, id);
  }
});
