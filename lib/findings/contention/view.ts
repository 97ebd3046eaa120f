import type { Ladder, Rung } from '../../ladder';
import { gather, stats, type Stats } from '../../measurements';
import type { MetricName, Tags } from '../../metrics';
import type { Observed } from '../observed';
import { outcomesOf } from '../outcomes';
import { oneKey, type LadderKind } from './kinds';

/*
 * What a run of `contention` measured, as ladders.
 */

/** A metric's values under these tags; undefined without any. */
export function statsOf({ booked }: Observed, metric: MetricName, tags: Tags): Stats | undefined {
  const values = gather(booked?.rows ?? [], metric, tags);
  return values.count > 0 ? stats(values) : undefined;
}

/** The tag `size` of each kind's own requests: its rungs have bystanders too. */
const sizes: Record<LadderKind, string> = {
  stream: 'stream',
  plain: 'plain',
  [oneKey]: 'plain',
  embedding: 'single',
  list: 'list',
  refused: 'wrong key',
};

/** A rung that was cut short by a jump to the next ladder shows its beginning alone: it lasted less than this share. */
const whole = 0.5;

/** The ladder of a kind; without rungs where none was climbed. */
export function ladderOf(observed: Observed, kind: LadderKind): Ladder {
  const numbered = observed.phases.flatMap((phase) => {
    const inFlight = phase.phase.startsWith(`${kind}-`) ? Number(phase.phase.slice(kind.length + 1)) : NaN;
    return Number.isInteger(inFlight) && phase.sent > 0 ? [{ phase, inFlight }] : [];
  });
  const longest = Math.max(0, ...numbered.map(({ phase }) => phase.end_s - phase.start_s));
  return {
    kind,
    rungs: numbered
      .filter(({ phase }) => phase.end_s - phase.start_s >= whole * longest)
      .map(({ phase, inFlight }) => rungIn(observed, phase.phase, kind, inFlight, phase.end_s - phase.start_s)),
  };
}

/** What one phase showed of a kind's requests. */
export function rungIn(observed: Observed, phase: string, kind: LadderKind, inFlight: number, seconds: number): Rung {
  const size = sizes[kind];
  const { ok = 0, cancelled: _, interrupted: __, ...failed } = outcomesOf(observed, { phase, size });
  return {
    inFlight,
    seconds,
    ok,
    failed,
    mean: statsOf(observed, 'llm_e2e', { phase, size })?.mean ?? NaN,
    bystander: statsOf(observed, 'llm_e2e', { phase, size: 'bystander' })?.p50 ?? NaN,
  };
}
