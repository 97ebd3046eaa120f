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
  const total = { ...first, count: 0, sum: 0, zero: 0, buckets: [] as number[], below: { ...first.below } };
  for (const h of filled) {
    if (Math.abs(h.gamma - first.gamma) > 1e-9)
      throw new Error(`histograms of gamma ${first.gamma} and ${h.gamma} cannot be merged`);
    total.count += h.count;
    total.sum += h.sum;
    total.zero += h.zero;
    total.min = Math.min(total.min, h.min);
    total.max = Math.max(total.max, h.max);
  }
  for (const bound of Object.keys(total.below)) {
    if (filled.some((h) => h.below[bound] === undefined)) delete total.below[bound];
    else total.below[bound] = filled.reduce((sum, h) => sum + h.below[bound]!, 0);
  }
  total.buckets = addBuckets(filled.map(({ buckets }) => buckets));
  return total;
}

/** Buckets of usual values lie so far from each other at most. */
const widest = 20_000;

/** Adds pairs of bucket and count, rising. JavaScript in k6 is slow and a long run has many rows: hence arrays. */
function addBuckets(all: readonly (readonly number[])[]): number[] {
  const lowest = Math.min(...all.map((buckets) => buckets[0] ?? Infinity));
  const highest = Math.max(...all.map((buckets) => buckets[buckets.length - 2] ?? -Infinity));
  const added: number[] = [];
  const span = highest - lowest;
  if (!(span >= 0 && span <= widest)) {
    // Nothing, or a record that somebody damaged: no array as long as it says.
    const counts = new Map<number, number>();
    for (const buckets of all)
      for (let i = 0; i < buckets.length; i += 2)
        counts.set(buckets[i]!, (counts.get(buckets[i]!) ?? 0) + buckets[i + 1]!);
    for (const index of [...counts.keys()].sort((a, b) => a - b)) added.push(index, counts.get(index)!);
    return added;
  }
  const counts = new Array<number>(span + 1).fill(0);
  for (const buckets of all)
    for (let i = 0; i < buckets.length; i += 2) counts[buckets[i]! - lowest]! += buckets[i + 1]!;
  for (let i = 0; i < counts.length; i++) if (counts[i]! > 0) added.push(lowest + i, counts[i]!);
  return added;
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

/** Quantiles by nearest rank in one pass; `shares` rise, each above 0 and at most 1. None of an empty histogram. */
export function quantiles(h: Histogram, shares: readonly number[]): number[] {
  if (h.count === 0) return [];
  const found: number[] = [];
  let [seen, next] = [h.zero, 0];
  for (const share of shares) {
    const rank = Math.max(1, Math.ceil(share * h.count));
    if (rank === h.count) {
      found.push(h.max);
      continue;
    }
    while (seen < rank && next < h.buckets.length) {
      seen += h.buckets[next + 1]!;
      next += 2;
    }
    if (seen < rank) found.push(h.max);
    else if (next === 0) found.push(Math.max(0, h.min));
    else found.push(Math.min(h.max, Math.max(h.min, (2 * h.gamma ** h.buckets[next - 2]!) / (h.gamma + 1))));
  }
  return found;
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
  if (!(bound > 0)) return 0;
  let seen = h.zero;
  // Buckets rise. Only of the one beside the bound it takes its middle to say on which side that is.
  const beside = Math.log((bound * (h.gamma + 1)) / 2) / Math.log(h.gamma);
  for (let i = 0; i < h.buckets.length; i += 2) {
    const bucket = h.buckets[i]!;
    if (bucket > beside + 1) break;
    if (bucket < beside - 1 || (2 * h.gamma ** bucket) / (h.gamma + 1) < bound) seen += h.buckets[i + 1]!;
  }
  return seen;
}
