import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exactRanks } from './ranks';

test('ranks that enclose a quantile, against worked values (binomial tails of 2.5 %)', () => {
  // n = 25, median: P(B <= 7) = 0.0216, P(B <= 8) = 0.0539.
  assert.deepEqual(exactRanks(0.5, 25), [8, 18]);
  // n = 100, p95: P(B <= 89) = 0.0115, P(B <= 90) = 0.0282; P(B >= 99) = 0.0371, P(B = 100) = 0.0059.
  assert.deepEqual(exactRanks(0.95, 100), [90, 100]);
});

test('OneSampleMadeAFail: a single value says nothing about a p95, two beyond the limit do', () => {
  assert.deepEqual(exactRanks(0.95, 1), [0, 2]);
  assert.equal(exactRanks(0.95, 2)[0], 1);
  assert.deepEqual(exactRanks(0.5, 5), [0, 6]);
});
