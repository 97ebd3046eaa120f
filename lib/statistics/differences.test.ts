import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from './random';
import { medianDifference } from './differences';

test('a shift is found with its size; the same twice is no shift', () => {
  const base = Array.from({ length: 101 }, (_, i) => 200 + i);
  const shifted = medianDifference(
    base.map((value) => value + 312),
    base,
  )!;
  assert.equal(shifted.value, 312);
  assert.ok(shifted.interval[0] > 280 && shifted.interval[1] < 345, shifted.interval.join());
  const same = medianDifference(base, base)!;
  assert.ok(same.value === 0 && same.interval[0] < 0 && same.interval[1] > 0);
});

test('too few samples make no interval', () => assert.equal(medianDifference([1, 2, 3], [1, 2, 3]), undefined));

test('the 95 % interval holds the true difference in about 95 of 100 trials of skewed values', () => {
  let held = 0;
  const trials = 400;
  for (let trial = 0; trial < trials; trial++) {
    const draws = random(7, trial);
    // Exponential, medians 100 ln 2 and 100 ln 2 + 50.
    const sample = (shift: number) => Array.from({ length: 60 }, () => shift - 100 * Math.log(1 - draws.next()));
    const { interval } = medianDifference(sample(50), sample(0))!;
    if (interval[0] <= 50 && 50 <= interval[1]) held++;
  }
  assert.ok(held / trials > 0.93 && held / trials <= 1, `${held} of ${trials}`);
});
