import type { Histogram } from 'k6/x/sse';

/*
 * The reading half of the Go module's log-bucket histogram (see `Histogram` in xk6-sse/sse.d.ts): quantiles and
 * merging. The mapping is DDSketch's (Masson, Rim, Lee: VLDB 2019); a quantile's relative error is at most (gamma - 1)
 * / (gamma + 1).
 */

/** A quantile's relative error: `relativeError` of xk6-sse/internal/ledger/histogram.go, which a test compares. */
export const relativeError = 0.0025;
/** Each bucket is so many times as wide as the one before. */
export const gamma = (1 + relativeError) / (1 - relativeError);

/** A histogram of nothing. */
export function emptyHistogram(own = gamma): Histogram {
  return { gamma: own, count: 0, sum: 0, min: 0, max: 0, zero: 0, buckets: [], below: {} };
}

/** Adds histograms of the same gamma. `below` keeps the bounds that all non-empty ones counted. */
export function merge(histograms: readonly Histogram[]): Histogram {
  const filled = histograms.filter((h) => h.count > 0);
  const first = filled[0];
  if (!first) return emptyHistogram(histograms[0]?.gamma);
  if (filled.length === 1) return first;
  const counts = new Map<number, number>();
  const total = { ...first, count: 0, sum: 0, zero: 0, buckets: [] as number[], below: { ...first.below } };
  for (const h of filled) {
    if (Math.abs(h.gamma - first.gamma) > 1e-9)
      throw new Error(`histograms of gamma ${first.gamma} and ${h.gamma} cannot be merged`);
    total.count += h.count;
    total.sum += h.sum;
    total.zero += h.zero;
    total.min = Math.min(total.min, h.min);
    total.max = Math.max(total.max, h.max);
    for (let i = 0; i < h.buckets.length; i += 2)
      counts.set(h.buckets[i]!, (counts.get(h.buckets[i]!) ?? 0) + h.buckets[i + 1]!);
  }
  for (const bound of Object.keys(total.below)) {
    if (filled.some((h) => h.below[bound] === undefined)) delete total.below[bound];
    else total.below[bound] = filled.reduce((sum, h) => sum + h.below[bound]!, 0);
  }
  for (const index of [...counts.keys()].sort((a, b) => a - b)) total.buckets.push(index, counts.get(index)!);
  return total;
}

/** The value at rank `rank` (1 = smallest), undefined when there is no such rank. */
export function valueAtRank(h: Histogram, rank: number): number | undefined {
  if (h.count === 0 || rank < 1 || rank > h.count) return undefined;
  if (rank === h.count) return h.max;
  let seen = h.zero;
  if (seen >= rank) return Math.max(0, h.min);
  for (let i = 0; i < h.buckets.length; i += 2) {
    seen += h.buckets[i + 1]!;
    if (seen >= rank) {
      const middle = (2 * h.gamma ** h.buckets[i]!) / (h.gamma + 1);
      return Math.min(h.max, Math.max(h.min, middle));
    }
  }
  return h.max;
}

/** The q-quantile by nearest rank (0 < q <= 1); undefined when empty. */
export function quantile(h: Histogram, q: number): number | undefined {
  return valueAtRank(h, Math.max(1, Math.ceil(q * h.count)));
}

/** Arithmetic mean; undefined when empty. */
export function mean(h: Histogram): number | undefined {
  return h.count === 0 ? undefined : h.sum / h.count;
}

/** How many values are below `bound`: exact when it was a configured bound, else by buckets. */
export function countBelow(h: Histogram, bound: number): number {
  const exact = h.below[String(bound)];
  if (exact !== undefined) return exact;
  let seen = bound > 0 ? h.zero : 0;
  for (let i = 0; i < h.buckets.length; i += 2) {
    if ((2 * h.gamma ** h.buckets[i]!) / (h.gamma + 1) < bound) seen += h.buckets[i + 1]!;
  }
  return seen;
}
