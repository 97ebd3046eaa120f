import type { Histogram } from 'k6/x/sse';
import { mean } from '../metrics';
import { quantileRanks, wilson, z95 } from '../statistics';

/*
 * How sure the figures of a sample are. One place, so that all that is judged gets its interval by the same rules.
 */

export type Interval = [number, number];

/** 95 % intervals of the figures of one sample. */
export interface Intervals {
  /** Of the share of the values that are 1. */
  share: Interval;
  mean: Interval;
  /** Of the sum of the values. */
  sum: Interval;
  /** Ranks (1 = smallest) that enclose the q-quantile. Rank 0 or n + 1: nothing encloses it on that side. */
  ranks(q: number): Interval;
}

/** The values are taken as independent of each other. */
export function intervalsOf(h: Histogram): Intervals {
  const n = Math.max(h.count, 1);
  const level = mean(h) ?? 0;
  let squares = h.zero * level ** 2;
  let raw = 0;
  for (let i = 0; i < h.buckets.length; i += 2) {
    const value = (2 * h.gamma ** h.buckets[i]!) / (h.gamma + 1);
    squares += h.buckets[i + 1]! * (value - level) ** 2;
    raw += h.buckets[i + 1]! * value ** 2;
  }
  const meanSpread = n > 1 ? z95 * Math.sqrt(squares / (n - 1) / n) : Infinity;
  const sumSpread = z95 * Math.sqrt(raw);
  return {
    share: wilson(h.sum, h.count),
    mean: [level - meanSpread, level + meanSpread],
    sum: [Math.max(0, h.sum - sumSpread), h.sum + sumSpread],
    ranks: (q) => exactRanks(q, h.count),
  };
}

/** With more samples than this the normal approximation's ranks are the exact ones, give or take one. */
const exactUpTo = 400;

/**
 * Ranks between which the q-quantile lies with at least 95 %, whatever the values' distribution: the number of values
 * below it is binomial (David and Nagaraja, Order Statistics, 7.1). Rank 0 or n + 1 where so few samples cannot say.
 */
export function exactRanks(q: number, n: number): Interval {
  if (n > exactUpTo) return quantileRanks(q, n);
  let [low, high] = [0, n + 1];
  let [logP, below] = [n * Math.log(1 - q), 0]; // ln P(B = k), P(B <= k - 1)
  for (let k = 0; k <= n; k++) {
    if (below <= 0.025) low = k;
    if (1 - below <= 0.025 && high > k) high = k;
    below += Math.exp(logP);
    logP += Math.log((n - k) / (k + 1)) + Math.log(q / (1 - q));
  }
  return [low, high];
}
