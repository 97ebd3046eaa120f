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
