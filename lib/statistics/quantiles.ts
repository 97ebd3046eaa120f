import { z95 } from './intervals';
import { ascending } from './samples';

/** The q-quantile by nearest rank of ascending values (0 < q <= 1); undefined without any. */
export function quantileOf(sorted: readonly number[], q: number): number | undefined {
  return sorted[Math.max(1, Math.ceil(q * sorted.length)) - 1];
}

/** The median of values in any order: of an even number of them the mean of the middle two; undefined without any. */
export function medianOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  const sorted = ascending(values);
  return (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.floor(sorted.length / 2)]!) / 2;
}

/** Ranks (1 = smallest) between which the q-quantile lies with 95 % (binomial, normal approximation). */
export function quantileRanks(q: number, n: number): [number, number] {
  const spread = z95 * Math.sqrt(n * q * (1 - q));
  return [Math.max(1, Math.floor(n * q - spread)), Math.min(n, Math.ceil(n * q + spread) + 1)];
}

/**
 * Whether of so many values all may lie above the q-quantile by chance: the lower end of its 95 % interval is below the
 * least of them.
 */
export function fewFor(q: number, n: number): boolean {
  return n * q - z95 * Math.sqrt(n * q * (1 - q)) < 1;
}

/** The values between which the q-quantile of ascending values lies with 95 %; undefined without any. */
export function intervalOf(sorted: readonly number[], q: number): [number, number] | undefined {
  if (sorted.length === 0) return undefined;
  const [low, high] = quantileRanks(q, sorted.length);
  return [sorted[low - 1]!, sorted[high - 1]!];
}
