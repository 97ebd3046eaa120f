import type { Histogram } from 'k6/x/sse';
import { mean, quantile } from '../statistics';

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

/** Count, extremes, mean and percentiles of a histogram, in its unit; null where it is empty. */
export function stats(h: Histogram): Stats {
  const q = (share: number) => quantile(h, share) ?? null;
  const filled = h.count > 0;
  return {
    count: h.count,
    min: filled ? h.min : null,
    mean: mean(h) ?? null,
    p50: q(0.5),
    p90: q(0.9),
    p95: q(0.95),
    p99: q(0.99),
    p999: q(0.999),
    max: filled ? h.max : null,
  };
}
