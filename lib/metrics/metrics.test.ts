import assert from 'node:assert/strict';
import { test } from 'node:test';
import { histogramOf } from '../verdict/fixture';
import { countBelow, emptyHistogram, merge, quantile } from './histogram';
import { measure, tpot, type Measured } from './measure';
import { metrics } from './table';

const stream: Measured = {
  ttfb: 100, firstChunk: 100, ttft: 200, ttfo: 210, e2e: 1200, connect: 3, reused: false, queue: 50, promptTokens: 30, completionTokens: 101, contentEvents: 50,
};

test('the formulas of a stream', () => {
  const values = measure(stream, 'ok', true);
  assert.equal(values.llm_tpot, 10);
  assert.equal(values.llm_tokens_per_second, 100);
  assert.equal(values.llm_tokens_per_chunk, 101 / 50);
  assert.equal(values.llm_e2e_scheduled, 1250);
  assert.equal(values.llm_ttft_scheduled, 250);
  assert.equal(values.llm_connect, 3);
});

test('NoInfiniteRate: tokens that came all at once, or fewer than two, have no rate', () => {
  assert.equal(tpot({ ...stream, e2e: 200 }), undefined);
  assert.equal(tpot({ ...stream, completionTokens: 1 }), undefined);
  assert.equal(tpot({ ...stream, completionTokens: -1 }), undefined);
  assert.equal('llm_tokens_per_second' in measure({ ...stream, e2e: 200 }, 'ok', true), false);
});

test('every value is finite whatever is missing', () => {
  const nothing: Measured = { ttfb: -1, firstChunk: -1, ttft: -1, ttfo: -1, e2e: -1, connect: 0, reused: true, queue: 0, promptTokens: -1, completionTokens: -1, contentEvents: 0 };
  for (const outcome of ['ok', 'http_5xx', 'empty', 'cancelled'] as const) {
    for (const value of Object.values(measure(nothing, outcome, true))) assert.ok(Number.isFinite(value));
  }
});

test('NoFastErrors: a request that failed has no latency', () => {
  const values = measure(stream, 'http_5xx', true);
  assert.equal(values.llm_ttft, undefined);
  assert.equal(values.llm_stream_error, 1);
});

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
  const merged = merge([histogramOf(values.slice(0, 300), [500]), emptyHistogram(), histogramOf(values.slice(300), [500])]);
  assert.deepEqual(merged, histogramOf(values, [500]));
  assert.equal(countBelow(merged, 500), values.filter((value) => value < 500).length);
});

test('every metric of the table says what it means', () => {
  for (const [name, metric] of Object.entries(metrics)) {
    assert.match(name, /^(llm|target)_[a-z0-9_]+$/);
    assert.ok(metric.meaning.length > 10);
  }
});
