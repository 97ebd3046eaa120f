import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineThrough } from './line';
import { random } from './random';

test('the interval of the slope holds the true one in 90 to 99 of 100 repetitions', () => {
  let held = 0;
  for (let seed = 0; seed < 100; seed++) {
    const { next } = random(seed, 1);
    const noise = () => next() + next() + next() - 1.5;
    const { interval, base } = lineThrough([0, 1, 2, 5, 10, 25, 50, 50].map((x) => ({ x, y: 3 + 0.2 * x + noise() })))!;
    if (interval[0] <= 0.2 && 0.2 <= interval[1]) held++;
    assert.ok(Math.abs(base - 3) < 2);
  }
  assert.ok(held >= 90 && held <= 99, `${held} of 100`);
});

test('points at one x, or too few, have no line', () => {
  assert.equal(lineThrough([1, 2, 3, 4].map((y) => ({ x: 5, y }))), undefined);
  assert.equal(lineThrough([1, 2, 3].map((y) => ({ x: y, y }))), undefined);
});
