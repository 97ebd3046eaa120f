/*
 * How much evidence a figure needs, and how sure it is.
 */

/** Standard normal quantile of a two-sided 95 % interval. */
export const z95 = 1.959963984540054;

const tabled = new Map([
  [0.9, 64],
  [0.95, 132],
  [0.99, 662],
  [0.999, 6636],
]);

/**
 * Fewest samples for a percentile: MLPerf loadgen's early-stopping minimum (p90 64, p99 662, p99.9 6,636; p95 132 by
 * the project's contract). Elsewhere the same rule worked out: the smallest n at which at most one sample beyond the
 * percentile has a chance of at most 1 %.
 */
export function samplesNeeded(percentile: number): number {
  const known = tabled.get(Number(percentile.toFixed(6)));
  if (known !== undefined) return known;
  const p = Math.min(Math.max(percentile, 0.5), 0.99999);
  let n = 2;
  while (n * p ** (n - 1) * (1 - p) + p ** n > 0.01) n++;
  return n;
}

/** Wilson's score interval of a share (Wilson 1927), `z` standard errors to each side: 95 % where nothing else is said. */
export function wilson(hits: number, n: number, z = z95): [number, number] {
  if (n === 0) return [0, 1];
  const share = hits / n;
  const centre = share + (z * z) / (2 * n);
  const spread = z * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  const scale = 1 + (z * z) / n;
  return [Math.max(0, (centre - spread) / scale), Math.min(1, (centre + spread) / scale)];
}
