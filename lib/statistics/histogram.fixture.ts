import type { Histogram } from 'k6/x/sse';
import { emptyHistogram } from './histogram';

/** A histogram of `values`, with exact counts below `bounds`. */
export function histogramOf(values: readonly number[], bounds: readonly number[] = []): Histogram {
  const h = emptyHistogram();
  if (values.length === 0) return h;
  const counts = new Map<number, number>();
  for (const value of values) {
    if (value <= 1e-6) h.zero++;
    else {
      const index = Math.ceil(Math.log(value) / Math.log(h.gamma));
      counts.set(index, (counts.get(index) ?? 0) + 1);
    }
  }
  h.count = values.length;
  h.sum = values.reduce((sum, value) => sum + value, 0);
  h.min = values.reduce((low, value) => Math.min(low, value), Infinity);
  h.max = values.reduce((high, value) => Math.max(high, value), -Infinity);
  for (const index of [...counts.keys()].sort((a, b) => a - b)) h.buckets.push(index, counts.get(index)!);
  for (const bound of bounds) h.below[String(bound)] = values.filter((value) => value < bound).length;
  return h;
}
