import type { Histogram } from 'k6/x/sse';
import { mean, quantiles } from '../statistics';

/** The usual figures of a histogram's values, in the metric's unit; null where there is no value. */
export interface Stats {
  count: number;
  min: number | null;
  mean: number | null;
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  p999: number | null;
  max: number | null;
}

const shares = [0.5, 0.9, 0.95, 0.99, 0.999];

/** Count, extremes, mean and percentiles of a histogram, in its unit; null where it is empty. */
export function stats(h: Histogram): Stats {
  const [p50 = null, p90 = null, p95 = null, p99 = null, p999 = null] = quantiles(h, shares);
  const filled = h.count > 0;
  return {
    count: h.count,
    min: filled ? h.min : null,
    mean: mean(h) ?? null,
    p50,
    p90,
    p95,
    p99,
    p999,
    max: filled ? h.max : null,
  };
}
