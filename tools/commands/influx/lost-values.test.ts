import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apportion, between, shortfall } from './lost-values';

test('a border that is crossed between counting and storing is no loss', () => {
  assert.deepEqual(shortfall([10, 10, 10], [9, 11, 10]), [0, 0, 0]);
  assert.deepEqual(shortfall([10, 10, 10], [11, 9, 10]), [0, 0, 0]);
  assert.deepEqual(shortfall([10, 10, 10, 10], [10, 3, 0, 10]), [0, 7, 10, 0]);
  assert.deepEqual(shortfall([10, 10], [30, 0]), [0, 0], 'more than there was: nothing is missing');
});

test('shares are whole, in proportion, and add up', () => {
  assert.deepEqual(apportion(10, [1, 0, 3]), [3, 0, 7]);
  assert.deepEqual(
    apportion(3, [1, 1, 1, 1, 1, 1]).reduce((a, b) => a + b),
    3,
  );
  assert.deepEqual(apportion(5, [0, 0]), [0, 0]);
});

test('between known quantiles lie straight lines', () => {
  const known = { count: 9, min: 0, mean: 0, p50: 50, p90: 100, p95: 200, p99: 300, p999: 400, max: 500 };
  assert.deepEqual(
    [0, 0.25, 0.5, 0.7, 0.95, 1].map((q) => between(known, q)),
    [0, 25, 50, 75, 200, 500],
  );
});
