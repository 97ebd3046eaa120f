import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intervalOf, medianOf, quantileOf, quantileRanks } from './quantiles';

test('one median for all: the middle value, of an even number the mean of the middle two, of none undefined', () => {
  assert.equal(medianOf([3, 1, 2]), 2);
  assert.equal(medianOf([4, 1, 3, 2]), 2.5);
  assert.equal(medianOf([]), undefined);
});

test('a quantile is the value at the nearest rank', () => {
  const sorted = [10, 20, 30, 40];
  assert.deepEqual(
    [0.01, 0.25, 0.26, 0.75, 1].map((q) => quantileOf(sorted, q)),
    [10, 10, 20, 30, 40],
  );
  assert.equal(quantileOf([], 0.5), undefined);
  assert.equal(intervalOf([], 0.5), undefined);
});

test("a percentile's ranks stay within the samples", () => {
  assert.deepEqual(quantileRanks(0.95, 10), [8, 10]);
  const [low, high] = quantileRanks(0.5, 1000);
  assert.ok(low < 500 && low > 460 && high > 500 && high < 540);
});
