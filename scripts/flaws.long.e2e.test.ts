import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedSimulator } from '../tools/testing/shared-simulator';
import { sound, undisturbed, why } from '../tools/testing/k6';

/*
 * Scripts whose other tests show them passing: each objective of theirs is missed once, by the flaw that it is about, and
 * no other objective is missed beside it.
 */
const simulator = sharedSimulator();

const quick = { ttft_ms: 60, tokens_per_second: 400, jitter: 0, output_tokens: 31 };
const provider = (model: string, change: object) => ({ provider: { models: { [model]: change } } });

const cases: [string, string, Record<string, string>, object, RegExp, RegExp | undefined][] = [
  [
    'baseline: answers of three seconds miss the response time, and not the success',
    'baseline',
    { RATE: '20', DURATION: '24s', PLAIN_SHARE: '0.6' },
    { gateway: { flaws: { overhead_ms: 3000 } } },
    /target: response time p95, chats: measured 3\d{3}/,
    /target: errors/,
  ],
  [
    'baseline: requests that fail miss the success, and not the response time',
    'baseline',
    { RATE: '60', DURATION: '16s' },
    provider('claude_3_haiku', { ...quick, failure_share: 0.1 }),
    /target: errors: measured \d(\.\d+)? %, wanted <= 1 %/,
    /target: response time/,
  ],
  [
    'peak: one chat in five failing misses the success',
    'peak',
    { RATE: '60', DURATION: '16s' },
    provider('claude_3_haiku', { ...quick, failure_share: 0.2 }),
    /target: errors: measured 1\d(\.\d+)? %, wanted <= 5 %/,
    /target: response time/,
  ],
  [
    'peak: answers of six seconds miss the response time',
    'peak',
    { RATE: '20', DURATION: '30s' },
    { gateway: { flaws: { overhead_ms: 6000 } } },
    /target: response time p95, chats: measured 6\d{3}/,
    /target: errors/,
  ],
  [
    'mixed: slow embeddings miss their own limit, and the chats do not hide them',
    'mixed',
    { RATE: '60', DURATION: '20s', PLAIN_SHARE: '0.6' },
    provider('cohere_english_v3', { ttft_ms: 300 }),
    /target: single embedding p95: measured 3\d\d/,
    /target: response time|target: TTFT/,
  ],
  [
    'ttft: a model of 30 tokens a second misses the rate, and says which model',
    'ttft',
    { RATE: '30', DURATION: '14s', MODELS: 'claude_3_haiku,gemini-2.0-flash' },
    provider('gemini-2.0-flash', { tokens_per_second: 30, tokens_per_chunk: 1, output_tokens: 40 }),
    /target: tokens\/s: gemini-2\.0-flash: measured (29|30)/,
    /target: .*claude_3_haiku/,
  ],
  [
    'ttft: StallsPassed: a median gap of 30 ms with one in ten of 100 is a miss of the p95, and not of the mean',
    'ttft',
    { RATE: '30', DURATION: '14s' },
    provider('claude_3_haiku', { stall: { share: 0.1, ms: 100 }, jitter: 0 }),
    /target: gap between chunks, p95: claude_3_haiku: measured 1\d\d/,
    /target: gap between chunks, mean/,
  ],
];
for (const [name, script, env, settings, missed, met] of cases) {
  test(name, async () => {
    await simulator().configure(settings);
    const at = { BASE_URL: simulator().gateway, API_KEY: 'gsai-sim-key' };
    const record = sound(await undisturbed(`dist/${script}.js`, { env: { ...at, ...env } }));
    assert.equal(record.verdict, 'FAIL', why(record));
    assert.match(why(record), missed);
    if (met) assert.doesNotMatch(why(record), met);
  });
}
