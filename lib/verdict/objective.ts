import type { Snapshot } from 'k6/x/sse';
import type { Finding } from '../measurements';
import { carries, type Tags } from '../metrics';
import { judgedBy, stats, type FindingObjective, type Limits, type Objective } from '../objectives';
import { samplesNeeded } from '../statistics';
import { figureOf, observe } from './figure';
import { spans, type Ran } from './length';
import { sidesOf, stateOf, type State } from './state';

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

/** The limits of an objective in the words of the table: `< 500`, `>= 50`, `50 to 150`. */
export function target({ below, atMost, atLeast }: Limits): string {
  const upper = below ?? atMost;
  if (atLeast !== undefined && upper !== undefined) return `${atLeast} to ${upper}`;
  if (atLeast !== undefined) return `>= ${atLeast}`;
  return below !== undefined ? `< ${below}` : `<= ${atMost}`;
}

/** Whether a figure of this metric is the share of the requests that failed. */
export const countsErrors = (metric: string): boolean => metric === 'llm_stream_error';

/** An objective's name as a reader takes its figure: what counts errors is not called success. */
export function labelOf({ name, metric }: Pick<ObjectiveResult, 'name' | 'metric'>): string {
  return countsErrors(metric) ? name.replace(/^success\b/i, 'errors') : name;
}

/** What an objective's result has before anything was measured. */
export function unmeasured(objective: Objective | FindingObjective): Omit<ObjectiveResult, 'state' | 'reason'> {
  const about =
    'metric' in objective
      ? { metric: judgedBy(objective.metric), stat: objective.stat, tags: objective.tags, needs: needsOf(objective) }
      : { metric: objective.finding, stat: 'finding', tags: {}, needs: 1 };
  const { name, source } = objective;
  return { name, ...about, source, target: target(objective), measured: null, n: 0, interval: null };
}

/** Judges an objective about a metric. */
export function judgeObjective(
  objective: Objective,
  ran: Pick<Snapshot, 'rows'> & Partial<Pick<Snapshot, 'outcomes'>> & Ran,
): ObjectiveResult {
  const base = unmeasured(objective);
  const observed = observe(ran.rows, base.metric, objective);
  const n = observed.count;
  if (n === 0) return { ...base, state: 'too few', reason: 'no sample' };
  const { measured, interval, sides } = figureOf(objective, observed, spans(ran, objective.tags));
  const seen = { n, needs: base.needs, open: interval === null };
  const asked = askedFor(objective, observed, ran);
  if (asked !== undefined && measured < objective.atLeast!)
    return { ...base, measured, interval, n, state: 'too few', reason: asked };
  return { ...base, measured, interval, n, ...stateOf(measured, sides, seen, objective, ran) };
}

/**
 * Why a rate could not be reached, where the load itself asked for less: requests of a schedule come when they are due, and
 * all of them together would not have made it. Undefined where they would, and where the target sets the rate.
 */
function askedFor(
  { stat, atLeast, tags }: Objective,
  { sum, count }: { sum: number; count: number },
  ran: Partial<Pick<Snapshot, 'outcomes'>> & Ran,
): string | undefined {
  if (stats[stat].kind !== 'rate' || atLeast === undefined || !ran.outcomes) return undefined;
  const phases = ran.phases.filter(({ phase, start }) => start >= 0 && (tags.phase ?? phase) === phase);
  // A load without arrivals of its own sends what the target lets it send.
  if (phases.some(({ due }) => due === 0)) return undefined;
  const sent = ran.outcomes.filter((row) => carries(row.tags, tags)).reduce((all, row) => all + row.count, 0);
  const dropped = phases.reduce((all, row) => all + row.dropped, 0);
  const seconds = spans(ran, tags).reduce((all, [from, to]) => all + to - from, 0) / 1000;
  const most = ((sum / count) * (sent + dropped)) / Math.max(1, seconds);
  if (most >= atLeast) return undefined;
  return `the load asked for ${Number(most.toPrecision(3))}/s, so no target could reach ${atLeast}/s: a higher RATE or SCALE asks for enough`;
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
  if (finding.few && sides.some(({ met }) => !met))
    return {
      ...base,
      state: 'too few',
      reason: `${text}; of ${n === 1 ? 'one value' : `${n} values`} that may be chance`,
    };
  const judged = stateOf(measured, sides, { n, needs: base.needs }, objective, ran);
  return { ...base, ...judged, reason: judged.state === 'missed' ? text : judged.reason };
}

/** Fewest samples that an objective can be judged by. */
export function needsOf({ stat, below, atMost, atLeast }: Objective): number {
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
