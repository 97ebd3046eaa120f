import type { Histogram } from 'k6/x/sse';
import { gather } from '../../measurements';
import { merge, quantile, quantileRanks, valueAtRank } from '../../statistics';
import type { Observed } from '../observed';
import { usual } from './phases';

/*
 * What a run of `agencies` measured, by agency: its key's number, from 1. The times are those of chats, from when they were
 * due.
 */

/** The keys of the run, where the tag tells them apart. */
export function agenciesOf({ booked }: Observed): string[] {
  const names = new Set<string>();
  for (const { tags } of booked?.outcomes ?? []) if (tags.agency !== undefined) names.add(tags.agency);
  return [...names].sort((a, b) => Number(a) - Number(b));
}

/** The times of an agency's chats in these phases. */
export function timesOf({ booked }: Observed, agency: string, phases: readonly string[] = usual): Histogram {
  const rows = booked?.rows ?? [];
  return merge(phases.map((phase) => gather(rows, 'llm_e2e_scheduled', { phase, agency, kind: 'chat' })));
}

/** A median with its 95 % interval; undefined without values. */
export function medianIn(h: Histogram): { value: number; low: number; high: number } | undefined {
  const value = quantile(h, 0.5);
  if (value === undefined) return undefined;
  const [low, high] = quantileRanks(0.5, h.count);
  return { value, low: valueAtRank(h, low) ?? value, high: valueAtRank(h, high) ?? value };
}
