import { quantileRanks } from '../verdict/evidence';

/*
 * Figures of samples that are held whole: some thousands of single requests. What must go on for hours goes into
 * histograms.
 */

/** Ascending, as the functions below want it. */
export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** The q-quantile by nearest rank of ascending values; undefined without any. */
export function quantileOf(sorted: readonly number[], q: number): number | undefined {
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1];
}

/** The values between which the q-quantile lies with 95 %; undefined without any. */
export function intervalOf(sorted: readonly number[], q: number): [number, number] | undefined {
  if (sorted.length === 0) return undefined;
  const [low, high] = quantileRanks(q, sorted.length);
  return [sorted[low - 1]!, sorted[high - 1]!];
}

function median(sorted: readonly number[]): number {
  const half = sorted.length / 2;
  return Number.isInteger(half) ? (sorted[half - 1]! + sorted[half]!) / 2 : sorted[Math.floor(half)]!;
}

/** A median of values in any order; undefined without any. */
export function medianOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : median(ascending(values));
}
