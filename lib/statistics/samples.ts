/*
 * Samples that are held whole: some thousands of values. What must go on for hours goes into histograms (lib/metrics).
 */

/** Ascending, as quantileOf() and intervalOf() want it. */
export function ascending(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** The sum; 0 of none. */
export function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** Arithmetic mean; undefined without any. */
export function meanOf(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : sumOf(values) / values.length;
}
