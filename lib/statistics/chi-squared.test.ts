import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chiSquaredP, random } from '.';

const near = (value: number, wanted: number) =>
  assert.ok(Math.abs(value - wanted) < 1e-4, `${value}, wanted ${wanted}`);

test('the chance of uneven counts is that of the tables', () => {
  // The 5 % points for 1, 2, 3 and 4 degrees of freedom: 3.8415, 5.9915, 7.8147, 9.4877.
  for (const [degrees, point] of [
    [1, 3.8415],
    [2, 5.9915],
    [3, 7.8147],
    [4, 9.4877],
  ] as const) {
    // One count that is off by d, and the others that make up for it: the statistic is d^2 (1/e + 1/(e k)).
    const e = 1e6;
    const d = Math.sqrt((point * e) / (1 + 1 / degrees));
    near(chiSquaredP([e + d, ...Array.from({ length: degrees }, () => e - d / degrees)]), 0.05);
  }
  near(chiSquaredP([60, 40]), 0.0455);
  near(chiSquaredP([30, 10], [0.75, 0.25]), 1);
  assert.ok(chiSquaredP([900, 100]) < 1e-100);
});

test('one instance alone, or none, is even; and of even draws one in twenty is below 5 %', () => {
  assert.deepEqual([chiSquaredP([7]), chiSquaredP([]), chiSquaredP([0, 0])], [1, 1, 1]);
  let below = 0;
  for (let seed = 1; seed <= 400; seed++) {
    const draws = random(seed, 1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 300; i++) counts[draws.below(3)]!++;
    if (chiSquaredP(counts) < 0.05) below++;
  }
  assert.ok(below >= 8 && below <= 36, `${below} of 400`);
});
