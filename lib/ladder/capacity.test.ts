import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../statistics';
import { capacityOf, nextRate, type Trial } from './capacity';

/** A target that holds a rate with a chance that falls from 1 to 0 around its capacity, `blur` wide. */
function searched(capacity: number, blur: number, seed: number, most = 30): { trials: Trial[]; ended: boolean } {
  const chance = random(seed, 0);
  const draws = random(seed, 1);
  const tried = (rate: number): Trial => ({
    rate,
    held: chance.next() < 1 / (1 + Math.exp((rate / capacity - 1) / blur)),
  });
  const trials: Trial[] = [];
  for (const rate of [250, 300, 350, 400, 450, 500, 700, 980]) {
    trials.push(tried(rate));
    if (!trials.at(-1)!.held) break;
  }
  for (let i = 0; i < most; i++) {
    const rate = nextRate(trials, 0.03, draws);
    if (rate === undefined) return { trials, ended: true };
    trials.push(tried(rate));
  }
  return { trials, ended: false };
}

test('the capacities of one target that blurs by 2 % agree within 5 %, in 200 of 200 searches and near the truth', () => {
  for (const capacity of [310, 438, 497, 760]) {
    const found = Array.from({ length: 50 }, (_, seed) => {
      const { trials, ended } = searched(capacity, 0.005, seed);
      assert.ok(ended, 'in time');
      const { low, high, lowTries, highTries } = capacityOf(trials);
      assert.ok(
        high! / low! <= 1.031 && lowTries >= 2 && highTries >= 2,
        JSON.stringify([low, high, lowTries, highTries, trials]),
      );
      return low!;
    }).sort((a, b) => a - b);
    assert.ok(found.at(-1)! / found[0]! < 1.05, `${found[0]} to ${found.at(-1)}`);
    assert.ok(found[0]! > 0.95 * capacity && found.at(-1)! < 1.05 * capacity, `${capacity}: ${found[0]}`);
  }
});

test('a bad moment of a target that held before and holds again does not become its capacity', () => {
  const trials = [
    { rate: 250, held: true },
    { rate: 300, held: false },
    { rate: 300, held: true },
    { rate: 300, held: true },
    { rate: 400, held: true },
    { rate: 500, held: false },
  ];
  const { low, high } = capacityOf(trials);
  assert.deepEqual([low, high], [400, 500]);
});

test('a load that fails above one that fails is needed: without it nothing is searched, and nothing said', () => {
  assert.equal(nextRate([{ rate: 250, held: true }], 0.05, random(1, 1)), undefined);
  assert.deepEqual(capacityOf([{ rate: 250, held: true }]), { low: 250, high: null, lowTries: 1, highTries: 0 });
});

test('where the first load fails already, lower ones are tried until one holds', () => {
  const { trials } = searched(100, 0.005, 3);
  const { low, high } = capacityOf(trials);
  assert.ok(low! > 95 && high! < 105, `${low} to ${high}`);
});
