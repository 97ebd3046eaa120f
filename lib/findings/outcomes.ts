import { carries, type Tags } from '../metrics';
import type { Observed } from './observed';

/**
 * How many requests with these tags ended how, by outcome, of these phases or of all; an outcome that no request had is
 * not there.
 */
export function outcomesOf(
  { booked }: Pick<Observed, 'booked'>,
  tags: Tags,
  phases?: readonly string[],
): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const row of booked?.outcomes ?? [])
    if (carries(row.tags, tags) && (phases?.includes(row.tags.phase ?? '') ?? true))
      counts[row.outcome] = (counts[row.outcome] ?? 0) + row.count;
  return counts;
}
