import type { Histogram, Snapshot } from 'k6/x/sse';
import { gather, type Finding } from '../measurements';
import { countBelow, mean, valueAtRank, type Tags } from '../metrics';
import { stats, type FindingObjective, type Limits, type Objective } from '../objectives';
import { samplesNeeded } from '../statistics';
import { intervalsOf, type Interval, type Intervals } from './intervals';
import { loadSeconds, type Ran } from './length';
import { sideOf, sidesOf, stateOf, type Side, type State } from './state';

export interface ObjectiveResult {
  name: string;
  metric: string;
  stat: string;
  tags: Tags;
  source: string;
  /** The limit in words of the file: "< 500", "50 to 150". */
  target: string;
  /** null when nothing was measured. */
  measured: number | null;
  n: number;
  /** Samples that this objective needs. */
  needs: number;
  /** 95 % interval of `measured`; null where none can be said. */
  interval: [number, number] | null;
  state: State;
  /** Why it is in this state; "" for what is plainly ok. */
  reason: string;
}

export function target({ below, atMost, atLeast }: Limits): string {
  const upper = below ?? atMost;
  if (atLeast !== undefined && upper !== undefined) return `${atLeast} to ${upper}`;
  if (atLeast !== undefined) return `>= ${atLeast}`;
  return below !== undefined ? `< ${below}` : `<= ${atMost}`;
}

/** What an objective's result has before anything was measured. */
export function unmeasured(objective: Objective | FindingObjective): Omit<ObjectiveResult, 'state' | 'reason'> {
  const about =
    'metric' in objective
      ? { metric: objective.metric, stat: objective.stat, tags: objective.tags, needs: needsOf(objective) }
      : { metric: objective.finding, stat: 'finding', tags: {}, needs: 1 };
  const { name, source } = objective;
  return { name, ...about, source, target: target(objective), measured: null, n: 0, interval: null };
}

/** Judges an objective about a metric. */
export function judgeObjective(objective: Objective, ran: Pick<Snapshot, 'rows'> & Ran): ObjectiveResult {
  const base = unmeasured(objective);
  const h = gather(ran.rows, objective.metric, objective.tags);
  if (h.count === 0) return { ...base, state: 'too few', reason: 'no sample' };
  const { measured, interval, sides } = figureOf(objective, h, intervalsOf(h), loadSeconds(ran, objective.tags));
  const judged = stateOf(measured, sides, { n: h.count, needs: base.needs }, objective, ran);
  return { ...base, measured, interval, n: h.count, ...judged };
}

/**
 * Judges an objective about a finding. One without a value says why in its words: it is missed where the target never
 * did what is wanted, and else could not be told.
 */
export function judgeFinding(objective: FindingObjective, finding: Finding, ran: Ran): ObjectiveResult {
  const { value: measured, interval, text, missed, n = measured === null ? 0 : 1 } = finding;
  const base = { ...unmeasured(objective), measured, interval: interval ?? null, n };
  if (measured === null) return { ...base, state: missed ? 'missed' : 'too few', reason: text };
  const sides = sidesOf(measured, interval ?? [measured, measured], objective);
  const judged = stateOf(measured, sides, { n, needs: base.needs }, objective, ran);
  return { ...base, ...judged, reason: judged.state === 'missed' ? text : judged.reason };
}

/** Fewest samples that an objective can be judged by. */
function needsOf({ stat, below, atMost, atLeast }: Objective): number {
  const figure = stats[stat];
  switch (figure.kind) {
    case 'percentile':
      return samplesNeeded(figure.q);
    case 'mean':
      return samplesNeeded(0.5);
    case 'share': {
      const limit = below ?? atMost ?? atLeast!;
      const rare = Math.min(limit, 1 - limit);
      return rare > 0 ? samplesNeeded(1 - rare) : 1;
    }
    case 'rate':
      return 1;
  }
}

interface Figure {
  measured: number;
  interval: Interval | null;
  sides: Side[];
}

function figureOf(objective: Objective, h: Histogram, sure: Intervals, loadSeconds: number): Figure {
  const plain = (measured: number, interval: Interval): Figure => ({
    measured,
    interval: interval.every(Number.isFinite) ? interval : null,
    sides: sidesOf(measured, interval, objective),
  });
  const figure = stats[objective.stat];
  switch (figure.kind) {
    case 'percentile':
      return percentile(objective, figure.q, h, sure.ranks(figure.q));
    case 'mean':
      return plain(mean(h)!, sure.mean);
    case 'share':
      return plain(h.sum / h.count, sure.share);
    case 'rate': {
      const seconds = Math.max(loadSeconds, 1e-9);
      return plain(h.sum / seconds, [sure.sum[0] / seconds, sure.sum[1] / seconds]);
    }
  }
}

/**
 * "p95 < 500" is "at least 95 % are under 500", and that count is exact, whatever the histogram's error: so both the
 * figure and its interval are held against a limit by ranks, and what is shown is kept in line with that.
 */
function percentile({ below, atLeast }: Objective, q: number, h: Histogram, [low, high]: Interval): Figure {
  const n = h.count;
  const rank = Math.max(1, Math.ceil(q * n));
  let shown = [low, rank, high].map((each) => valueAtRank(h, Math.min(Math.max(each, 1), n))!);
  const sides: Side[] = [];
  const hold = (limit: number, upper: boolean) => {
    const under = countBelow(h, limit);
    const isUnder = (r: number) => r <= under;
    // A bucket's middle may stand on the other side of the limit than the exact count.
    shown = shown.map((value, i) =>
      isUnder([low, rank, high][i]!) ? Math.min(value, limit * (1 - 1e-6)) : Math.max(value, limit),
    );
    const met = isUnder(rank) === upper;
    // The end of the interval that must be on the same side: the upper one where the value is under the limit.
    const end = isUnder(rank) ? high : low;
    const sure = end >= 1 && end <= n && isUnder(end) === isUnder(rank);
    sides.push(sideOf(limit, met, sure, shown[1]!, [shown[0]!, shown[2]!]));
  };
  if (below !== undefined) hold(below, true);
  if (atLeast !== undefined) hold(atLeast, false);
  const enclosed = low >= 1 && high <= n;
  return { measured: shown[1]!, interval: enclosed ? [shown[0]!, shown[2]!] : null, sides };
}
