import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchSizes } from './batches';

test('batches are tried up to what the target takes in one request, and else up to the most of any', () => {
  assert.deepEqual(batchSizes(16), [1, 10, 16]);
  assert.deepEqual(batchSizes(undefined), [1, 10, 32, 64, 96]);
  assert.deepEqual(batchSizes(500), [1, 10, 32, 64, 96]);
});
