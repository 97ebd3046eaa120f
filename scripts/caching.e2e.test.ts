import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

test('models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named', async (t) => {
  const { record, text } = await flawedRun(t, 'caching', {
    flaws: { cache: { model_miss_ms: 40, key_miss_ms: 90, size: 2 } },
    provider: {
      claude_3_haiku: { ttft_ms: [140, 180], cached_prefix_ttft_ms: 50, output_tokens: 16, tokens_per_second: 400 },
    },
    env: { RATE: '85', DURATION: '10s' },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('model-cache'),
    /^models in turn costs? (3|4)\d\.\d ms \[\d\d\.\d, \d\d\.\d\] more than one model again and again/,
  );
  assert.match(
    text('key-cache'),
    /^a key that is new costs [89]\d\.\d ms \[\d\d\.\d, \d+(\.\d)?\] more than one that was just used/,
  );
  assert.match(
    text('prefix-cache'),
    /^a prompt whose beginning was just sent gets its first token [\d.]+ ms \[[\d.]+, [\d.]+\] sooner, [5-8]\d %/,
  );
  assert.match(text('prompt-cache'), /no answer comes from memory$/);
});
