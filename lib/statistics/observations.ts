import type { Histogram } from 'k6/x/sse';
import { countBelow, valueAtRank } from './histogram';
import { batchesOf, type Batches } from './stretches';

/** What was measured of one thing, and when: from a histogram and its stretches, or from single values. */
export interface Observations {
  count: number;
  sum: number;
  /** Of one value around the mean. */
  variance: number;
  /** Values strictly below a bound. */
  below(bound: number): number;
  /** The value at a rank, 1 is the smallest; undefined where there is none. */
  atRank(rank: number): number | undefined;
  /** Undefined: it is not known when each value came, so nothing is known about how they depend on each other. */
  batches?: Batches;
}

/** Observations of a histogram, with its stretches where they were kept. */
export function ofHistogram(h: Histogram, batches?: Batches): Observations {
  const mean = h.count > 0 ? h.sum / h.count : 0;
  let squares = h.zero * mean * mean;
  for (let i = 0; i < h.buckets.length; i += 2)
    squares += h.buckets[i + 1]! * ((2 * h.gamma ** h.buckets[i]!) / (h.gamma + 1) - mean) ** 2;
  return {
    count: h.count,
    sum: h.sum,
    variance: h.count > 0 ? squares / h.count : 0,
    below: (bound) => countBelow(h, bound),
    atRank: (rank) => valueAtRank(h, rank),
    batches,
  };
}

/** Observations of single values in order of time, or with the time of each in ms. */
export function ofValues(
  values: readonly number[],
  at?: readonly number[],
  bounds: readonly number[] = [],
): Observations {
  const sorted = Float64Array.from(values).sort();
  const sum = values.reduce((all, value) => all + value, 0);
  const mean = values.length > 0 ? sum / values.length : 0;
  return {
    count: values.length,
    sum,
    variance: values.length > 0 ? values.reduce((all, value) => all + (value - mean) ** 2, 0) / values.length : 0,
    below: (bound) => firstNotBelow(sorted, bound),
    atRank: (rank) => sorted[rank - 1],
    batches: batchesOf(values, at, bounds),
  };
}

function firstNotBelow(sorted: Float64Array, bound: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if (sorted[half]! < bound) low = half + 1;
    else high = half;
  }
  return low;
}
