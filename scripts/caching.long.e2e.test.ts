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
