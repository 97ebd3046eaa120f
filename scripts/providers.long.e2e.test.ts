import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

const same = { ttft_ms: 100, tokens_per_second: 100, tokens_per_chunk: 3, jitter: 0, output_tokens: 40 };

test('two regions of one model are compared: which is slower, by how much, and whose the difference is', async (t) => {
  const deployments = ['eu', 'us'].map((region) => ({ provider_model: 'claude_3_haiku', region, weight: 1 }));
  const { text } = await flawedRun(t, 'providers', {
    provider: { claude_3_haiku: same },
    deployments: { 'openai/us/claude_3_haiku': { ttft_ms: 190 } },
    gateway: { models: { claude_3_haiku: { deployments } } },
    env: { MODEL: 'claude_3_haiku', RATE: '40', DURATION: '10s', PROMPT_TOKENS: '50' },
  });
  assert.match(
    text('ttft-difference'),
    /^claude_3_haiku us's time to first token is (8|9)\d(\.\d)? ms longer than claude_3_haiku eu's .*The providers themselves differ by \+(8|9)\d\.\d ms/,
  );
});

test('a quota of the Bedrock model is found as that of the other is: an empty 200 hides it', async (t) => {
  const { record, text } = await flawedRun(t, 'providers', {
    flaws: { empty_200_on_failure: true },
    provider: { claude_3_haiku: { ...same, quota: { requests_per_minute: 60 } }, 'gemini-2.0-flash': same },
    env: { RATE: '40', DURATION: '10s', PROMPT_TOKENS: '50' },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('throttled'),
    /^claude_3_haiku: \d+ of 200 requests were throttled \(429\); the client got \d+ of them not as 429 but as empty \(status 200\)/,
  );
});

test('a model that is slow to begin misses its own limit beside one that is not', async (t) => {
  const { record } = await flawedRun(t, 'providers', {
    provider: { claude_3_haiku: same, 'gemini-2.0-flash': { ...same, ttft_ms: 620 } },
    env: { RATE: '40', DURATION: '10s', PROMPT_TOKENS: '50' },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(why(record), /target: TTFT p95, [\w ,]+: gemini-2\.0-flash: measured 6\d\d/);
  assert.doesNotMatch(why(record), /target: TTFT p95.*claude_3_haiku/);
});

test('a model whose whole answers are slow misses their limit, streamed or plain: only the first token was judged', async (t) => {
  const { record } = await flawedRun(t, 'providers', {
    provider: { claude_3_haiku: same, 'gemini-2.0-flash': { ...same, tokens_per_second: 12 } },
    env: { RATE: '40', DURATION: '14s', PROMPT_TOKENS: '50', PLAIN_SHARE: '0.5', VUS: '300' },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(why(record), /target: response time p95, [\w ,]+: gemini-2\.0-flash: measured 2\d{3}/);
  assert.doesNotMatch(why(record), /target: .*claude_3_haiku/);
});
