import type { Stats } from '../measurements';
import { samplesNeeded } from '../statistics';
import { brief, type Cell } from './document';

const shares = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99 } as const;

/** A percentile of stats for a table; of fewer samples than it takes it is marked. */
export function percentileOfStats(stats: Stats | undefined, key: keyof typeof shares): Cell {
  const value = brief(stats?.[key]);
  if (value === null) return null;
  return stats!.count < samplesNeeded(shares[key]) ? `${value} (few)` : value;
}
