import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

const env = { RATE: '15', DURATION: '14s' };

test('a gateway in order passes: rates, gaps, no stalls, chunks one by one, whole answers at once', async (t) => {
  const { record, text } = await flawedRun(t, 'streaming', { env });
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(text('stalls'), /^none of \d+ streams stands still/);
  assert.match(text('heaps'), /^chunks come one by one/);
  assert.match(text('slows-along'), /^streams keep their pace/);
});

test('a stream that slows down along its way, by what each chunk costs the gateway, is named', async (t) => {
  const { record, text } = await flawedRun(t, 'streaming', {
    // From the 50th of about 100 chunks on each takes the gateway longer than the 20 ms in which the provider makes one.
    flaws: { chunk: { growth_us: 400 } },
    provider: { claude_3_haiku: { tokens_per_second: 200, jitter: 0 } },
    env: { RATE: '0.6', DURATION: '45s' },
  });
  assert.notEqual(record.verdict, 'PASS', why(record));
  assert.match(text('slows-along'), /^streams slow down along their way: a gap of the last quarter is \d+\.\d ms \[/);
});

test("the plain answer that grows, the stall that is the gateway's: an event loop that is blocked", async (t) => {
  const { record, text } = await flawedRun(t, 'streaming', {
    flaws: { event_loop_block_ms: { bedrock: 300 } },
    env: { RATE: '1.5', DURATION: '40s' },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('stalls'),
    /stand still: \d+ gaps over 250 ms, the longest \d+ ms; 0 the provider's, \d+ the gateway's/,
  );
});

test('memory that whole answers keep is found, by the thousand tokens', async (t) => {
  const { record, text } = await flawedRun(t, 'streaming', {
    evenDisturbed: true,
    flaws: { answer_kept: 6000 },
    env,
    pages: true,
  });
  assert.notEqual(record.verdict, 'PASS', why(record));
  assert.match(
    text('memory-kept-by-answers'),
    /^resident memory rose by \d+ to \d+ MB and was not given back: \d+(\.\d)? kB stay for each 1,000 tokens of whole answers$/,
  );
  assert.match(why(record), /target: memory kept of whole answers: measured [1-9]\d{2,}/);
});
