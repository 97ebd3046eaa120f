import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

test('a gateway that keeps nothing that costs anything passes, and no cache is invented', async (t) => {
  const { record, text } = await flawedRun(t, 'caching', { env: { RATE: '70', DURATION: '14s' } });
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(text('model-cache'), /^no difference between models in turn and one model/);
  assert.match(text('key-cache'), /^no difference between a key that is new/);
  assert.match(text('prefix-cache'), /no beginning of a prompt is kept$/);
});

test('what is kept for too short a time is found by the repeats that pay as a first', async (t) => {
  const { text } = await flawedRun(t, 'caching', {
    flaws: { cache: { key_miss_ms: 70, ttl_s: 0.2 } },
    env: { RATE: '85', DURATION: '11s' },
  });
  assert.match(
    text('repeats-that-pay'),
    /^(1\d|2\d|9)\.\d % of \d+ requests with a key that was used before cost as a first \([67]\d\.\d ms more\)/,
  );
});

test('requests that come while their key is being looked up: a stampede makes a look-up for each, and without one they do not', async (t) => {
  const env = { RATE: '85', DURATION: '11s' };
  const herd = await flawedRun(t, 'caching', {
    evenDisturbed: true,
    flaws: { cache: { key_miss_ms: 80, stampede: true } },
    env,
  });
  assert.notEqual(herd.record.verdict, 'PASS', why(herd.record));
  assert.match(
    herd.text('key-stampede'),
    /^a stampede: (\d+) of \d+ requests that came while their key was being looked up made a look-up of their own \([78]\d\.\d ms each\)/,
  );
  const order = await flawedRun(t, 'caching', { evenDisturbed: true, flaws: { cache: { key_miss_ms: 80 } }, env });
  assert.match(order.text('key-stampede'), /^of \d+ requests that came while their key was being looked up 0 made/);
});
