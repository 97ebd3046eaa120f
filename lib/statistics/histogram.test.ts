import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { merge, quantile, quantiles, relativeError } from './histogram';
import { histogramOf } from './histogram.fixture';
import { random } from './random';

test('OneErrorInTwoLanguages: the bucket error that TypeScript reckons with is the one that Go counts by', () => {
  const go = readFileSync('xk6-sse/internal/ledger/histogram.go', 'utf8');
  assert.equal(Number(/relativeError += ([\d.]+)/.exec(go)?.[1]), relativeError);
});

const drawn = (seed: number, n: number, most: number) => {
  const { next } = random(seed, 1);
  return Array.from({ length: n }, () => Math.max(0, most * (next() - 0.1)));
};

test('several quantiles in one pass are those that are asked for one by one, of values at zero too', () => {
  const shares = [0.01, 0.05, 0.5, 0.9, 0.95, 0.99, 0.999, 1];
  for (const [seed, n] of [1, 2, 3, 10, 1000, 5000].entries()) {
    const h = histogramOf(drawn(seed, n, 1000));
    assert.deepEqual(
      quantiles(h, shares),
      shares.map((share) => quantile(h, share)),
      `${n} values`,
    );
  }
  assert.deepEqual(quantiles(histogramOf([]), shares), []);
  // Of counters and rates count and sum alone are kept.
  const bare = { ...histogramOf([1, 50, 88]), buckets: [] };
  assert.deepEqual(
    quantiles(bare, shares),
    shares.map((share) => quantile(bare, share)),
  );
});

test('merged histograms are the histogram of all values, also where buckets lie absurdly far from each other', () => {
  const parts = [drawn(1, 500, 10), drawn(2, 700, 1e6), [], [0], drawn(3, 20, 0.001)];
  const merged = merge(parts.map((values) => histogramOf(values, [5])));
  const whole = histogramOf(parts.flat(), [5]);
  assert.deepEqual({ ...merged, sum: 0 }, { ...whole, sum: 0 });
  assert.ok(Math.abs(merged.sum / whole.sum - 1) < 1e-12);
  const far = (bucket: number) => ({ ...histogramOf([1]), buckets: [bucket, 1] });
  assert.deepEqual(merge([far(-1e9), far(1e9), far(7)]).buckets, [-1e9, 1, 7, 1, 1e9, 1]);
  assert.deepEqual(merge([histogramOf([0]), histogramOf([0])]).buckets, []);
});
