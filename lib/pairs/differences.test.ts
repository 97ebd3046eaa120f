import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../statistics';
import { caseDifference, type Reading } from '.';

/** Rounds of a plain case, and of one that takes `more`; both are moved by a drift that is far larger than that. */
function rounds(more: number, { count = 40, seed = 1, drift = 0 } = {}): Reading[] {
  return Array.from({ length: count }, (_, round): Reading[] => {
    const { next } = random(seed, round);
    // Skewed, as times are.
    const noise = () => -10 * Math.log(1 - next());
    const level = 100 + drift * round;
    return [
      { round, case: 'plain', value: level + noise() },
      { round, case: 'more', value: level + more + noise() },
    ];
  }).flat();
}

test('what one case takes more comes out, though the target slows down by much more meanwhile', () => {
  const found = caseDifference(rounds(8, { drift: 20, count: 60 }), 'more', 'plain')!;
  assert.ok(found.interval[0] > 0 && found.interval[0] < 8 && found.interval[1] > 8, JSON.stringify(found));
  assert.equal(found.n, 60);
});

test('the interval holds the true difference in at least 93 of 100 repetitions, at no difference too', () => {
  for (const more of [0, 5, -12]) {
    let held = 0;
    for (let seed = 1; seed <= 100; seed++) {
      const { interval } = caseDifference(rounds(more, { seed, drift: 1 }), 'more', 'plain')!;
      if (interval[0] <= more && more <= interval[1]) held++;
    }
    assert.ok(held >= 93, `${more}: ${held} of 100`);
  }
});

test('rounds in which one of the two failed do not count, and too few make no difference', () => {
  const all = rounds(5, { count: 14 }).filter((each) => !(each.case === 'more' && each.round < 2));
  assert.equal(caseDifference(all, 'more', 'plain')!.n, 12);
  assert.equal(caseDifference(all.slice(0, -2), 'more', 'plain'), undefined);
  assert.equal(caseDifference(all, 'more', 'another'), undefined);
});
