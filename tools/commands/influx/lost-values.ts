import type { Histogram } from 'k6/x/sse';
import { metrics, type MetricName } from '../../../lib/metrics';
import type { Tags } from '../../../lib/metrics';
import type { Stats } from '../../../lib/measurements';

/*
 * The arithmetic behind gap.ts: how many values are missing where, and which ones.
 */

/** One metric under one full set of tags: the whole by run.json, and what is stored of it. */
export interface Row {
  metric: MetricName;
  tags: Tags;
  whole: Histogram;
  stored: { count: number; sum: number; zero: number; buckets: Map<number, number> };
}

/**
 * What is missing in each place, from running sums of what there was and what is stored. The two jitter against each
 * other where a value was counted on one side of a border and stored on the other; nothing is ever less than nothing,
 * and all adds up to the whole loss.
 */
export function shortfall(expected: readonly number[], stored: readonly number[]): number[] {
  let sum = 0;
  const behind = expected.map((value, i) => (sum += value - (stored[i] ?? 0)));
  for (let i = behind.length - 2; i >= 0; i--) behind[i] = Math.min(behind[i]!, behind[i + 1]!);
  return behind.map((value, i) => Math.max(0, value) - Math.max(0, behind[i - 1] ?? 0));
}

/** Shares `count` out in proportion to `weights`, in whole numbers that add up to it. */
export function apportion(count: number, weights: readonly number[]): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  let given = 0;
  return weights.map((weight) => {
    sum += weight;
    const until = total === 0 ? 0 : Math.round((count * sum) / total);
    const share = until - given;
    given = until;
    return share;
  });
}

/** The value at share `q` of a distribution of which some quantiles are known; straight lines between them. */
export function between(stats: Stats, q: number): number {
  const known: [number, number | null][] = [
    [0, stats.min],
    [0.5, stats.p50],
    [0.9, stats.p90],
    [0.95, stats.p95],
    [0.99, stats.p99],
    [0.999, stats.p999],
    [1, stats.max],
  ];
  const at = known.findIndex(([share]) => share >= q);
  const [above, below] = [known[at]!, known[Math.max(0, at - 1)]!];
  const [high, low] = [above[1] ?? 0, below[1] ?? 0];
  return above[0] === below[0] ? high : low + ((high - low) * (q - below[0])) / (above[0] - below[0]);
}

/** `n` values that a histogram has more than what is stored of it, by size. */
export function lostValues({ metric, whole, stored }: Row): number[] {
  const count = Math.max(0, whole.count - stored.count);
  const { type } = metrics[metric];
  if (type === 'rate') {
    const ones = Math.min(count, Math.max(0, Math.round(whole.sum - stored.sum)));
    return Array.from({ length: count }, (_, i) => (i < count - ones ? 0 : 1));
  }
  if (type !== 'trend') return Array.from({ length: count }, () => Math.max(0, whole.sum - stored.sum) / count);
  const places = new Map<number, number>([[-Infinity, whole.zero]]);
  for (let i = 0; i < whole.buckets.length; i += 2) places.set(whole.buckets[i]!, whole.buckets[i + 1]!);
  const sorted = [...places].sort(([a], [b]) => a - b);
  const lost = shortfall(
    sorted.map(([, n]) => n),
    sorted.map(([bucket]) => (bucket === -Infinity ? stored.zero : (stored.buckets.get(bucket) ?? 0))),
  );
  return sorted.flatMap(([bucket], i) =>
    Array.from({ length: lost[i]! }, () =>
      inside(whole, bucket === -Infinity ? 0 : (2 * whole.gamma ** bucket) / (whole.gamma + 1)),
    ),
  );
}

const inside = (h: Histogram, value: number) => Math.min(h.max, Math.max(h.min, value));

/**
 * Evenly spread in an order without a pattern: every stretch of the result has about the distribution of the whole
 * (multiples of the golden section, mod 1).
 */
export function shuffled<T>(sorted: readonly T[]): T[] {
  return sorted
    .map((value, i) => [(i * 0.6180339887498949) % 1, value] as const)
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);
}
