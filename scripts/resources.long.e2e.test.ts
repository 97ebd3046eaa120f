import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

const env = { RATE: '50', DURATION: '21s' };

test('a gateway in order passes: its connections come back, and it has no queue that could be judged', async (t) => {
  const { record, text } = await flawedRun(t, 'resources', {
    flaws: { db_pool: { size: 200, hold: 'call' } },
    env,
    pages: true,
  });
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(text('connections-in-use'), / at most of 200 that there may be$/);
  assert.match(text('connections-kept'), /all connections to the database came back after the load$/);
  assert.equal(text('queue-kept'), '');
  assert.match(text('sent-per-request'), /^gateway: \d+ KB sent a request/);
});

test('memory that stays when nobody asks any more is told with its size, beside what was there before the load', async (t) => {
  const { record, text } = await flawedRun(t, 'resources', {
    evenDisturbed: true,
    flaws: { leak_mb_per_call: 2 },
    env,
    pages: true,
  });
  assert.notEqual(record.verdict, 'PASS', why(record));
  const [, before, after] =
    /^gateway: resident memory was (\d+) MB before the load and (\d+) MB after it, when no request was under way: more than a warm-up/.exec(
      text('memory-kept'),
    ) ?? [];
  assert.ok(Number(after) - Number(before) > 300, text('memory-kept'));
  assert.match(why(record), /target: memory kept after the load, MB: measured \d{3}/);
});

test('a container that its CPU limit keeps from running is told with the share of the time that it stood still', async (t) => {
  const { record, text } = await flawedRun(t, 'resources', {
    evenDisturbed: true,
    flaws: { throttled_ms: 30 },
    env,
    pages: true,
  });
  assert.notEqual(record.verdict, 'PASS', why(record));
  assert.match(
    text('throttled-share'),
    /^gateway: in phase at-50 its container was throttled: it stood still for [123]\d % of the time: it had used what its limit allows/,
  );
  assert.match(why(record), /target: throttled: measured 0\.[123]/);
});
