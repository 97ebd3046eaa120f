import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shareBelow } from './dependent-intervals';
import { ofValues } from './observations';
import { quantileOfQueue, queue } from './queue.fixture';
import { lengthFactor, runLengthNeeded, valuesNeeded } from './run-length';

test('an interval twice as wide as the distance to the limit needs four times the run, and more to be likely', () => {
  const estimate = { value: 0.9, low: 0.86, high: 0.94, n: 100 };
  assert.ok(Math.abs(lengthFactor(estimate, 0.92, 0.5)! - 4) < 1e-9);
  assert.ok(lengthFactor(estimate, 0.92)! > 10 && lengthFactor(estimate, 0.92)! < 12);
  assert.ok(runLengthNeeded(estimate, 0.92, 60)! > 600);
  assert.equal(valuesNeeded(estimate, 0.92, 0.5), 400);
  assert.ok(lengthFactor(estimate, 0.7, 0.5)! < 1, 'it is decided already');
});

test('no length decides when the value is the limit, and nothing is worked out from an open interval', () => {
  assert.equal(lengthFactor({ value: 5, low: 4, high: 6 }, 5), undefined);
  assert.equal(lengthFactor({ value: 5, low: -Infinity, high: Infinity }, 7), undefined);
  assert.ok(lengthFactor({ value: 5, low: 4, high: Infinity }, 7)! > 0, 'the closed side says how wide it is');
});

test('a run of the length that is told decides at least 8 times in 10 behind a queue', () => {
  const shape = { load: 0.5, service: 50 };
  const limit = quantileOfQueue(shape, 0.92);
  const share = (seconds: number, seed: number) => {
    const { at, took } = queue({ ...shape, seconds, seed });
    return shareBelow(ofValues(took, at, [limit]), limit);
  };
  const lengths: number[] = [];
  for (let seed = 1; seed <= 40; seed++) {
    const { low, high } = share(240, seed);
    lengths.push(
      runLengthNeeded({ value: 0.92, low: 0.92 - (high - low) / 2, high: 0.92 + (high - low) / 2 }, 0.95, 240)!,
    );
  }
  const middle = lengths.sort((a, b) => a - b)[20]!;
  let decided = 0;
  for (let seed = 1001; seed <= 1050; seed++) decided += Number(share(middle, seed).high < 0.95);
  assert.ok(decided >= 40, `${decided} of 50 runs of ${middle.toFixed(0)} s decided`);
});
