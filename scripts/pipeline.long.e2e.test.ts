import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

test('a gateway in order passes, and no look-up is invented', async (t) => {
  const { record, text } = await flawedRun(t, 'pipeline', { env: { RATE: '60', DURATION: '25s' } });
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(text('key-look-up'), /^the look-up of a key does not show/);
});

test('errors that are slow to make are told from slow middleware: only refusals cost it', async (t) => {
  const { record, text } = await flawedRun(t, 'pipeline', {
    flaws: { error_ms: 15 },
    env: { RATE: '30', DURATION: '14s' },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(text('refusals'), /^a refusal takes 1\d\.\d ms, .*making the error costs 1[4-9]\.\d ms/);
});
