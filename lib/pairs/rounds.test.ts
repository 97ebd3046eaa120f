import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeInRound } from './rounds';

test('each round has every item once, in orders that differ and do not favour one', () => {
  const items = ['a', 'b', 'c'];
  const first = new Map<string, number>();
  for (let round = 0; round < 600; round++) {
    const places = items.map((_, i) => placeInRound(items, 1, 3 * round + i));
    assert.ok(places.every((place) => place.round === round));
    assert.deepEqual(places.map(({ item }) => item).sort(), items);
    first.set(places[0]!.item, (first.get(places[0]!.item) ?? 0) + 1);
  }
  // 200 each; four standard deviations are 46.
  for (const [item, count] of first) assert.ok(Math.abs(count - 200) < 46, `${item} came first ${count} times of 600`);
});

test('the same seed gives the same order', () => {
  const order = (seed: number) => Array.from({ length: 40 }, (_, i) => placeInRound(['a', 'b'], seed, i).item).join('');
  assert.equal(order(7), order(7));
  assert.notEqual(order(7), order(8));
});
