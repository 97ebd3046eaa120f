import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from './random';
import { growth, growthNeeds, type Reading } from './growth';

/** A series of one reading each `every` seconds. */
const series = (n: number, value: (t: number) => number, every = 5): Reading[] =>
  Array.from({ length: n }, (_, i) => ({ t: i * every, value: value(i * every) }));

/** Standard normal draws (Box, Muller 1958) of a seed. */
function normal(seed: number): () => number {
  const { next: draw } = random(seed, 0);
  return () => Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());
}

test('too few readings say nothing', () => {
  assert.equal(growth(series(growthNeeds - 1, (t) => t)), undefined);
  assert.ok(growth(series(growthNeeds, (t) => t)));
  assert.equal(growth([]), undefined);
});

test('a steady growth is found, exactly', () => {
  const { per_hour: perHour, interval, from, to, seconds } = growth(series(400, (t) => 100 + t / 36))!;
  assert.ok(
    Math.abs(perHour - 100) < 1e-6 && interval[0] > 99.9 && interval[1] < 100.1,
    `${perHour} ${interval.join()}`,
  );
  assert.ok(Math.abs((to - from) / seconds - 1 / 36) < 1e-9);
});

test('what does not move has no growth and no doubt about it', () => {
  assert.deepEqual(growth(series(100, () => 7))!.interval, [0, 0]);
});

test('a slow leak in the noise of a collector is within its interval, and above nothing', () => {
  const noise = normal(3);
  // 20 MB/h over 4 h, a saw tooth of 30 MB, noise of 3 MB.
  const { interval } = growth(series(2880, (t) => 200 + t / 180 + ((t * 7) % 300) / 10 + 3 * noise()))!;
  assert.ok(interval[0] > 10 && interval[0] < 20 && interval[1] > 20, interval.join());
});

test('SpuriousTrend: a random walk, where a straight line is nearly always "significant", is called growth no more often than one in twenty is', () => {
  let called = 0;
  const runs = 400;
  for (let seed = 1; seed <= runs; seed++) {
    const draw = normal(seed);
    let level = 1000;
    const { interval } = growth(series(600, () => (level += draw())))!;
    if (interval[0] > 0) called++;
  }
  // Two-sided 95 %: a fortieth is expected; four standard deviations more.
  assert.ok(called / runs < 1 / 40 + 4 * Math.sqrt(((1 / 40) * (39 / 40)) / runs), `${called} of ${runs}`);
});

test('a start that levels off is not called growth, a saw tooth neither', () => {
  assert.ok(growth(series(240, (t) => 300 - 150 * Math.exp(-t / 120)))!.interval[0] <= 0);
  assert.ok(growth(series(600, (t) => 100 + (t % 610) / 10))!.interval[0] <= 0);
});
