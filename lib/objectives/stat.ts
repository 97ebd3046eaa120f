import type { Metric } from '../metrics';

interface Figure {
  kind: 'percentile' | 'mean' | 'share' | 'rate';
  /** Type of the metrics that have it. */
  of: Metric['type'];
  /** Of a percentile: 0.95 for p95. */
  q?: number;
}

/**
 * The figures that an objective can be about: the one list. `share` is of a rate, `rate` is a counter's sum for each
 * second of the load, the others are of a trend. What judges them (verdict/objective.ts) has a case for every kind, and
 * does not compile without.
 */
const list = {
  p50: { kind: 'percentile', of: 'trend', q: 0.5 },
  p90: { kind: 'percentile', of: 'trend', q: 0.9 },
  p95: { kind: 'percentile', of: 'trend', q: 0.95 },
  p99: { kind: 'percentile', of: 'trend', q: 0.99 },
  'p99.9': { kind: 'percentile', of: 'trend', q: 0.999 },
  mean: { kind: 'mean', of: 'trend' },
  share: { kind: 'share', of: 'rate' },
  rate: { kind: 'rate', of: 'counter' },
} as const satisfies Record<string, Figure>;

export type Stat = keyof typeof list;
export const stats: { readonly [S in Stat]: (typeof list)[S] } = list;
export const statNames = Object.keys(list) as Stat[];

/** 0.95 for p95; undefined for what is no percentile. */
export function percentileOf(stat: Stat): number | undefined {
  const figure: Figure = stats[stat];
  return figure.q;
}
