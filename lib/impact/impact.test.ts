import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../statistics';
import { blockOf, matrixOf, stallsIn, type Moment } from '.';

const draw = (seed: number, n: number, of: (next: () => number, i: number) => number) => {
  const { next } = random(seed, 1);
  return Array.from({ length: n }, (_, i) => of(next, i));
};
/** Bystanders of which each but the first few waits behind a block of `ms`. */
const moments = (seed: number, n: number, ms: number): Moment[] => {
  const { next } = random(seed, 2);
  return Array.from({ length: n }, (_, i) => ({
    at: 500 * i,
    waits: [1, 2, 3].map(() => 1 + next() + (next() < 0.7 ? Math.max(0, ms - next()) : 0)),
  }));
};

test('the block of a call is found within 20 %: 200 ms, 40 ms and 5 ms, although some bystanders come before it', () => {
  for (const ms of [200, 40, 5]) {
    const { value, interval, p } = blockOf(moments(1, 80, ms), moments(2, 160, 0))!;
    assert.ok(Math.abs(value - ms) <= 0.2 * ms, `${value} for ${ms}`);
    assert.ok(interval[0] > 0 && p < 0.05);
  }
  const none = blockOf(moments(3, 80, 0), moments(2, 160, 0))!;
  assert.ok(none.interval[0] < 1 && none.interval[1] > -1 && Math.abs(none.value) < 1);
  assert.equal(blockOf(moments(1, 5, 40), moments(2, 160, 0)), undefined, 'too few moments');
});

test('on two workers the bystanders of the other one do not wait, and the block is found all the same', () => {
  const { next } = random(9, 3);
  const half = moments(4, 120, 40).map(({ at, waits }) => ({
    at,
    waits: waits.map((wait) => (next() < 0.25 ? 1.2 : wait)),
  }));
  const { value } = blockOf(half, moments(2, 160, 0))!;
  assert.ok(Math.abs(value - 40) <= 8, `${value}`);
});

test('of a matrix of 32 cells in which nothing differs hardly one of twenty says so, and a change of one cell is named', () => {
  let wrong = 0;
  for (let run = 0; run < 40; run++) {
    const cells = Array.from({ length: 32 }, (_, i) => ({
      victim: `v${i}`,
      aggressor: 'a',
      now: draw(1000 * run + i, 60, (next) => 100 + 20 * next()),
      before: draw(1000 * run + 500 + i, 120, (next) => 100 + 20 * next()),
    }));
    if (matrixOf(cells).some(({ change }) => change!.p < 0.05)) wrong++;
  }
  assert.ok(wrong <= 6, `${wrong} of 40 matrices`);
  const cells = ['list', 'stream'].map((victim, i) => ({
    victim,
    aggressor: 'embedding',
    now: draw(i, 60, (next) => 100 + 20 * next() + 60 * i),
    before: draw(50 + i, 60, (next) => 100 + 20 * next()),
  }));
  const [list, stream] = matrixOf(cells);
  assert.ok(list!.change!.p > 0.05 && stream!.change!.p < 0.01);
  assert.ok(Math.abs(stream!.change!.value - 60) < 8);
});

test('stalls with no request at fault: their length and how often they come', () => {
  const every = 1000;
  const length = 120;
  const seen = draw(6, 400, (next) => {
    const place = next() * every;
    return 1 + next() + (place < length ? length - place : 0);
  });
  const found = stallsIn(seen.map((wait, i) => ({ at: 500 * i, waits: [wait, wait + 0.5] })))!;
  assert.ok(Math.abs(found.length - length) < 0.3 * length, `${found.length}`);
  assert.ok(Math.abs(found.every - every) < 0.4 * every, `${found.every}`);
  const [least, most] = found.between;
  assert.ok(least < every && every < most && most < 3 * least, `${least} to ${most}`);
  assert.equal(stallsIn(moments(7, 100, 0)), undefined);
});
