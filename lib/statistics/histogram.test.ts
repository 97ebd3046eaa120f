import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countBelow, emptyHistogram, merge, quantile } from './histogram';
import { histogramOf } from './histogram.fixture';

test('a quantile from the histogram is within its stated error', () => {
  const values = Array.from({ length: 5000 }, (_, i) => 1 + ((i * 7919) % 5000) * 0.37);
  const h = histogramOf(values);
  const sorted = [...values].sort((a, b) => a - b);
  for (const q of [0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1]) {
    const exact = sorted[Math.ceil(q * sorted.length) - 1]!;
    assert.ok(Math.abs(quantile(h, q)! / exact - 1) <= 0.0026, `q=${q}: ${quantile(h, q)} for ${exact}`);
  }
});

test('EmptyMetricsCanBeReported: quantiles of nothing are undefined', () => {
  assert.equal(quantile(emptyHistogram(), 0.95), undefined);
  assert.equal(merge([]).count, 0);
});

test('merging two halves is the whole', () => {
  const values = Array.from({ length: 1000 }, (_, i) => (i * 37) % 600);
  const merged = merge([
    histogramOf(values.slice(0, 300), [500]),
    emptyHistogram(),
    histogramOf(values.slice(300), [500]),
  ]);
  assert.deepEqual(merged, histogramOf(values, [500]));
  assert.equal(countBelow(merged, 500), values.filter((value) => value < 500).length);
});
