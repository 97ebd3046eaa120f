import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wilson } from './intervals';
import {
  differenceOf,
  meanInterval,
  quantileInterval,
  rateInterval,
  shareBelow,
  shareInterval,
  type Estimate,
} from './dependent-intervals';
import { ofValues } from './observations';
import { meanOf, quantileOfQueue, queue } from './queue.fixture';
import { batchesOf } from './stretches';

const covers = ({ low, high }: Estimate, truth: number) => low <= truth && truth <= high;

/** How often 500 runs behind a queue cover the truth, for each kind of interval. */
function coverage(load: number, seconds: number) {
  const covered = { share: 0, mean: 0, p95: 0, median: 0, 'difference of shares': 0 };
  const differences = { 'difference of means': 0, 'difference of p95': 0 };
  const counts = { ...covered, ...differences };
  const runs = 500;
  for (let run = 0; run < runs; run++) {
    const base = { load, service: 50, seconds, seed: 2 * run + 1 };
    const faster = { load: 0.95 * load, service: 0.95 * 50, seconds, seed: 2 * run + 2 };
    const [p95, median] = [quantileOfQueue(base, 0.95), quantileOfQueue(base, 0.5)];
    const [a, b] = [base, faster].map((each) => {
      const { at, took } = queue(each);
      const observed = ofValues(took, at, [p95]);
      return {
        share: shareBelow(observed, p95),
        mean: meanInterval(observed)!,
        p95: quantileInterval(observed, 0.95)!,
        median: quantileInterval(observed, 0.5)!,
      };
    });
    const fasterBelow = 1 - Math.exp(-p95 / meanOf(faster));
    counts.share += Number(covers(a!.share, 0.95));
    counts.mean += Number(covers(a!.mean, meanOf(base)));
    counts.p95 += Number(covers(a!.p95, p95));
    counts.median += Number(covers(a!.median, median));
    counts['difference of shares'] += Number(covers(differenceOf(a!.share, b!.share), 0.95 - fasterBelow));
    counts['difference of means'] += Number(covers(differenceOf(a!.mean, b!.mean), meanOf(base) - meanOf(faster)));
    counts['difference of p95'] += Number(covers(differenceOf(a!.p95, b!.p95), p95 - quantileOfQueue(faster, 0.95)));
  }
  return Object.entries(counts).map(([kind, hits]) => [kind, hits / runs] as const);
}

for (const [load, seconds] of [
  [0.3, 60],
  [0.7, 60],
  [0.9, 120],
] as const)
  test(`behind a queue at ${100 * load} % load, 95 % intervals cover the truth in at least 93 % of 500 runs of ${seconds} s`, (t) => {
    for (const [kind, share] of coverage(load, seconds)) {
      t.diagnostic(`${kind}: ${(100 * share).toFixed(1)} %`);
      assert.ok(share >= 0.93, `${kind}: ${(100 * share).toFixed(1)} % of the runs cover the truth`);
    }
  });

test('intervals that took requests for independent covered the truth behind a queue at 90 % load in fewer than 1 run in 8', (t) => {
  let naive = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const { took } = queue({ load: 0.9, service: 50, seconds: 120, seed });
    const bound = quantileOfQueue({ load: 0.9, service: 50 }, 0.95);
    const [low, high] = wilson(took.filter((each) => each < bound).length, took.length);
    naive += Number(low <= 0.95 && 0.95 <= high);
  }
  t.diagnostic(`${naive} of 200 covered the truth`);
  assert.ok(naive / 200 < 1 / 8, `${naive} of 200`);
});

test('a run of 10 s behind a queue at 90 % load either covers the truth or says that it is too short', () => {
  let wrong = 0;
  for (let seed = 1; seed <= 500; seed++) {
    const { at, took } = queue({ load: 0.9, service: 50, seconds: 10, seed });
    const mean = meanInterval(ofValues(took, at))!;
    if (!mean.short && !covers(mean, meanOf({ load: 0.9, service: 50 }))) wrong++;
  }
  assert.ok(wrong <= 0.07 * 500, `${wrong} of 500 were sure and wrong`);
});

test('never narrower than the interval of independent values, even where the stretches are more alike than chance', () => {
  const values = Array.from({ length: 640 }, (_, i) => (i % 10 === 0 ? 200 : 100));
  const at = values.map((_, i) => i * 100);
  const [low, high] = wilson(576, 640);
  const below = shareBelow(ofValues(values, at, [150]), 150);
  assert.ok(below.low <= low + 1e-12 && below.high >= high - 1e-12, `${below.low} ${below.high}`);
  const share = shareInterval(
    64,
    640,
    batchesOf(
      values.map((each) => Number(each === 200)),
      at,
    ),
  );
  const errors = wilson(64, 640);
  assert.ok(share.low <= errors[0] + 1e-12 && share.high >= errors[1] - 1e-12);
});

test('errors that come in one burst say less than as many that are spread over the run', () => {
  const at = Array.from({ length: 600 }, (_, i) => i * 100);
  const burst = at.map((t) => Number(t >= 20_000 && t < 23_000));
  const spread = at.map((_, i) => Number(i % 20 === 0));
  const width = (values: number[]) => {
    const { low, high } = shareInterval(30, 600, batchesOf(values, at));
    return high - low;
  };
  assert.ok(width(burst) > 2 * width(spread), `${width(burst)} and ${width(spread)}`);
});

test('a few stretches say that they are few; one value says nothing and does not throw', () => {
  const values = Array.from({ length: 300 }, (_, i) => 100 + (i % 7));
  const short = shareBelow(
    ofValues(
      values,
      values.map((_, i) => i * 10),
    ),
    103,
  );
  assert.match(short.short, /3 of the 5 stretches/);
  const one = ofValues([5]);
  assert.deepEqual(
    [shareBelow(one, 10).value, meanInterval(one)!.value, quantileInterval(one, 0.95)!.value],
    [1, 5, 5],
  );
  assert.equal(quantileInterval(one, 0.95)!.high, Infinity);
  assert.equal(meanInterval(ofValues([])), undefined);
  assert.equal(quantileInterval(ofValues([]), 0.5), undefined);
  assert.deepEqual([shareBelow(ofValues([]), 1).low, shareBelow(ofValues([]), 1).high], [0, 1]);
});

test('a histogram without stretches gives the interval of independent values, and says so', () => {
  const observed = { ...ofValues(Array.from({ length: 200 }, (_, i) => i + 1)), batches: undefined };
  const [low, high] = wilson(190, 200);
  const share = shareBelow(observed, 191);
  assert.ok(Math.abs(share.low - low) < 1e-12 && Math.abs(share.high - high) < 1e-12);
  assert.match(share.short, /not known when each value came/);
});

test("a mean of values of both signs has a symmetrical interval, a duration's reaches further up", () => {
  const signs = meanInterval(ofValues(Array.from({ length: 640 }, (_, i) => (i % 2 ? 3 : -1))))!;
  assert.ok(Math.abs(signs.high - signs.value - (signs.value - signs.low)) < 1e-9);
  const { at, took } = queue({ load: 0.7, service: 50, seconds: 300, seed: 4 });
  const mean = meanInterval(ofValues(took, at))!;
  assert.ok(mean.high - mean.value > mean.value - mean.low);
});

test('a rate is over the whole time, with the seconds in which nothing came', () => {
  const at = Array.from({ length: 300 }, (_, i) => 2000 + i * 100);
  const batches = batchesOf(
    at.map(() => 2),
    at,
  );
  const rate = rateInterval(batches, 0, 60_000)!;
  assert.ok(Math.abs(rate.value - 5) < 1e-9 && rate.low < 4 && rate.high > 6, JSON.stringify(rate));
  const steady = rateInterval(batches, 2000, 32_000)!;
  assert.ok(Math.abs(steady.value - 10) < 1e-9 && steady.high - steady.low < 1e-6);
  assert.ok(Math.abs(rateInterval(batches, 2000, 32_000, 'sum')!.value - 20) < 1e-9);
  assert.equal(rateInterval(batches, 5, 5), undefined);
});
