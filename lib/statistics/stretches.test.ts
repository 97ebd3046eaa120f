import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchesOf, belowBound, levels, mergeBatches, stretchesAtMost } from './stretches';

const total = (numbers: readonly number[]) => numbers.reduce((all, each) => all + each, 0);

test('values fall into stretches of 1 s, and of 2, 4, 8 s ... once there are more than 64', () => {
  const short = batchesOf([10, 20, 30], [2500, 2600, 4100], [25]);
  assert.deepEqual(
    [short.width, short.first, short.count, short.sum, short.below],
    [1000, 2, [2, 0, 1], [30, 0, 30], { 25: [2, 0, 0] }],
  );
  const at = Array.from({ length: 300 }, (_, i) => i * 1000);
  const long = batchesOf(
    at.map(() => 5),
    at,
  );
  assert.equal(long.width, 8000);
  assert.ok(long.count.length <= stretchesAtMost);
  assert.equal(total(long.count), 300);
  assert.deepEqual(batchesOf([]).count, []);
});

test('rows of other widths and beginnings are added up without a value lost or moved', () => {
  const early = batchesOf([1, 2, 3], [0, 1500, 2500], [2]);
  const at = Array.from({ length: 100 }, (_, i) => 1000 * i);
  const late = batchesOf(
    at.map(() => 4),
    at,
    [2],
  );
  const both = mergeBatches([early, late])!;
  assert.equal(both.width, 2000);
  assert.equal(both.first, 0);
  assert.equal(total(both.count), 103);
  assert.deepEqual([both.count[0], both.sum[0], both.below['2']![0]], [2 + 2, 3 + 8, 1]);
  assert.deepEqual([both.count[1], both.sum[1]], [1 + 2, 3 + 8]);
  assert.equal(
    total(both.buckets.flatMap((pairs) => pairs.filter((_, i) => i % 2 === 1))),
    103,
    'the coarse buckets hold every value too',
  );
});

test('rows that lie far apart in time are merged within 64 stretches', () => {
  const [first, last] = [batchesOf([1], [0]), batchesOf([1], [200_000])];
  const both = mergeBatches([first, last])!;
  assert.ok(both.count.length <= stretchesAtMost);
  assert.equal(both.width, 4000);
  assert.deepEqual([both.count[0], both.count.at(-1), total(both.count)], [1, 1, 2]);
});

test('a bound that one of the rows did not count is not known for all of them', () => {
  assert.deepEqual(Object.keys(mergeBatches([batchesOf([1], [0], [5]), batchesOf([1], [0])])!.below), []);
});

test('values below a bound that was not counted follow from the coarse buckets, within a part of one', () => {
  const values = Array.from({ length: 1000 }, (_, i) => 100 + i / 10);
  const batches = batchesOf(
    values,
    values.map(() => 0),
    [150],
  );
  const [exact, guessed] = [belowBound(batches, 150)[0]!, belowBound({ ...batches, below: {} }, 150)[0]!];
  assert.equal(exact.sum, 500);
  assert.ok(Math.abs(guessed.sum - 500) < 20, `${guessed.sum}`);
  assert.deepEqual(belowBound({ ...batches, below: {} }, 1e9)[0], { count: 1000, sum: 1000 });
  assert.deepEqual(belowBound({ ...batches, below: {} }, 1)[0], { count: 1000, sum: 0 });
  const [half] = levels(batches, [0.5]);
  assert.ok(half! > 135 && half! < 165, `${half}`);
});
