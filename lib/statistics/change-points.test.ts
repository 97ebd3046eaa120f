import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changePoints, changesNeed } from './change-points';
import { random } from './random';

/** Levels with noise of 3 %, so many values each. */
function series(levels: readonly number[], each: number, seed: number): number[] {
  const { next } = random(seed, 0);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return levels.flatMap((level) => Array.from({ length: each }, () => level * (1 + 0.03 * normal())));
}

test('a level that rises by 15 % is found in the run in which it rose, and the way back too', () => {
  const found = changePoints(series([100, 115, 100], 12, 3));
  assert.deepEqual(
    found.map(({ index }) => index),
    [12, 24],
  );
  assert.ok(found.every(({ p }) => p <= 0.01));
});

test('in 100 series of 30 runs of the same target, at most 3 have a change', () => {
  let alarms = 0;
  for (let seed = 1; seed <= 100; seed++) alarms += Number(changePoints(series([100], 30, seed)).length > 0);
  assert.ok(alarms <= 3, `${alarms} of 100`);
});

test('a single run that was slow is no change', () => {
  const values = series([100], 24, 5);
  values[11] = 180;
  assert.deepEqual(changePoints(values), []);
});

test('the same values give the same changes: the permutations are drawn from a seed', () => {
  const values = series([100, 108], 10, 7);
  assert.deepEqual(changePoints(values), changePoints(values));
});

test('the fewest values that can hold a change hold one, and fewer, or values that are all alike, hold none', () => {
  assert.equal(changePoints(series([100, 200], changesNeed / 2, 1)).length, 1);
  assert.deepEqual(changePoints(series([100, 200], 3, 1)), []);
  assert.deepEqual(changePoints(Array.from({ length: 30 }, () => 5)), []);
  assert.deepEqual(changePoints([]), []);
  assert.deepEqual(changePoints([1]), []);
});
