import { gamma } from './histogram';
import type { Batches } from 'k6/x/sse';
import type { Stretch } from './dependence';

/*
 * Values in equal stretches of time: enough to see how much they depend on each other, in bounded memory.
 */

export type { Batches };

/** Stretches of a row at most. */
export const stretchesAtMost = 64;
/** So many buckets of the histogram make a coarse one. */
export const coarse = 16;
const perLogGamma = 1 / Math.log(gamma);
const zero = 1e-6;

/** Adds the stretches of several rows of one metric: to the widest width among them. Undefined without any. */
export function mergeBatches(rows: readonly Batches[]): Batches | undefined {
  const filled = rows.filter(({ count }) => count.length > 0);
  if (filled.length <= 1) return filled[0] ?? rows[0];
  let width = Math.max(...filled.map((row) => row.width));
  const reaches = () => [
    Math.min(...filled.map((row) => Math.floor((row.first * row.width) / width))),
    Math.max(...filled.map((row) => Math.floor(((row.first + row.count.length - 1) * row.width) / width))),
  ];
  let [first, last] = reaches();
  while (last! - first! >= stretchesAtMost) {
    width *= 2;
    [first, last] = reaches();
  }
  const merged = emptyBatches(
    width,
    first!,
    last! - first! + 1,
    Object.keys(filled[0]!.below).filter((bound) => filled.every((row) => row.below[bound])),
  );
  const buckets = merged.count.map(() => new Map<number, number>());
  for (const row of filled) {
    row.count.forEach((count, i) => {
      const at = Math.floor(((row.first + i) * row.width) / width) - first!;
      merged.count[at]! += count;
      merged.sum[at]! += row.sum[i]!;
      for (const [bound, each] of Object.entries(merged.below)) each[at]! += row.below[bound]![i]!;
      const pairs = row.buckets[i] ?? [];
      for (let j = 0; j < pairs.length; j += 2)
        buckets[at]!.set(pairs[j]!, (buckets[at]!.get(pairs[j]!) ?? 0) + pairs[j + 1]!);
    });
  }
  merged.buckets = buckets.map(pairsOf);
  return merged;
}

/**
 * Stretches of single values: `at` is the time of each in ms. Without times the values stand in order of time, and each
 * takes as long as any other. `bounds` are counted exactly.
 */
export function batchesOf(values: readonly number[], at?: readonly number[], bounds: readonly number[] = []): Batches {
  if (values.length === 0) return emptyBatches(1000, 0, 0, bounds.map(String));
  const time = (i: number) => at?.[i] ?? i * 1000;
  let [from, to] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i++) {
    from = Math.min(from, time(i));
    to = Math.max(to, time(i));
  }
  let width = 1000;
  while (Math.floor(to / width) - Math.floor(from / width) >= stretchesAtMost) width *= 2;
  const first = Math.floor(from / width);
  const batches = emptyBatches(width, first, Math.floor(to / width) - first + 1, bounds.map(String));
  const buckets = batches.count.map(() => new Map<number, number>());
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    const slot = Math.floor(time(i) / width) - first;
    batches.count[slot]!++;
    batches.sum[slot]! += value;
    for (const bound of bounds) if (value < bound) batches.below[String(bound)]![slot]!++;
    if (value <= zero) continue;
    const bucket = Math.ceil(Math.ceil(Math.log(value) * perLogGamma) / coarse);
    buckets[slot]!.set(bucket, (buckets[slot]!.get(bucket) ?? 0) + 1);
  }
  batches.buckets = buckets.map(pairsOf);
  return batches;
}

function emptyBatches(width: number, first: number, length: number, bounds: readonly string[]): Batches {
  const zeros = () => new Array<number>(length).fill(0);
  const below = Object.fromEntries(bounds.map((bound) => [bound, zeros()]));
  return { width, first, count: zeros(), sum: zeros(), below, buckets: zeros().map(() => []) };
}

const pairsOf = (counts: ReadonlyMap<number, number>) => [...counts].sort(([a], [b]) => a - b).flat();

/** The sums of each stretch, for {@link ratioVariance}. */
export function sums({ count, sum }: Batches): Stretch[] {
  return count.map((each, i) => ({ count: each, sum: sum[i]! }));
}

/**
 * How many values of each stretch lie below `bound`: exact where it was counted, else by the coarse buckets, as if the
 * values of one bucket were spread evenly over it.
 */
export function belowBound(batches: Batches, bound: number): Stretch[] {
  const exact = batches.below[String(bound)];
  if (exact) return batches.count.map((count, i) => ({ count, sum: exact[i]! }));
  const place = bound > zero ? (Math.log(bound) * perLogGamma) / coarse : -Infinity;
  return batches.count.map((count, i) => {
    const pairs = batches.buckets[i] ?? [];
    let sum = bound > 0 ? count : 0;
    for (let j = 0; j < pairs.length; j += 2) {
      const [bucket, n] = [pairs[j]!, pairs[j + 1]!];
      if (bound > 0) sum -= n * Math.min(1, Math.max(0, bucket - place));
    }
    return { count, sum: Math.max(0, sum) };
  });
}

/** Edges of coarse buckets nearest to these shares of all values: where else dependence is looked at. */
export function levels(batches: Batches, shares: readonly number[]): number[] {
  const counts = new Map<number, number>();
  for (const pairs of batches.buckets)
    for (let j = 0; j < pairs.length; j += 2) counts.set(pairs[j]!, (counts.get(pairs[j]!) ?? 0) + pairs[j + 1]!);
  const total = batches.count.reduce((all, count) => all + count, 0);
  let seen = total - [...counts.values()].reduce((all, count) => all + count, 0);
  const edges = [...counts]
    .sort(([a], [b]) => a - b)
    .map(([bucket, count]) => ({ share: (seen += count) / total, edge: gamma ** (coarse * bucket) }))
    .filter(({ share }) => share < 1);
  if (edges.length === 0) return [];
  return shares.map((wanted) => edges.reduce((a, b) => (nearer(b.share, a.share, wanted) ? b : a)).edge);
}

const nearer = (a: number, b: number, to: number) => Math.abs(a - to) < Math.abs(b - to);
