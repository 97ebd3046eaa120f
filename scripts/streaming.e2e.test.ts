import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

test('a slow model, stalls of the provider, heaps, and whole answers that are held are found and named', async (t) => {
  const { record, text } = await flawedRun(t, 'streaming', {
    flaws: { coalesce: 3, answer_block: { ms_per_kb: 30, power: 1 } },
    provider: { claude_3_haiku: { tokens_per_second: 60, jitter: 0, stall: { share: 0.3, ms: 400 } } },
    env: { RATE: '12', DURATION: '7s' },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(why(record), /target: gap between chunks, p95: claude_3_haiku/);
  assert.match(
    text('token-rate'),
    /^claude_3_haiku: [56]\d\.\d tokens\/s after the first token \[\d\d\.\d, \d\d\.\d\]; the provider itself makes [56]\d\.\d: the gateway takes /,
  );
  assert.match(
    text('stalls'),
    /streams \(\d+\.\d %\) stand still: \d+ gaps over 250 ms, the longest \d+ ms; \d+ the provider's, \d+ the gateway's/,
  );
  assert.match(
    text('heaps'),
    /^chunks come in groups of [23]\.\d every \d+ ms: they are collected before they are passed on/,
  );
  assert.match(
    text('plain-answers'),
    /^a whole answer of 400 tokens comes \d+\.\d ms after the provider has ended it, [^:]+: it grows /,
  );
});
