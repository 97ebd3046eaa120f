import type { Histogram, Snapshot } from 'k6/x/sse';
import { gather, type Finding } from '../measurements';
import type { Tags } from '../metrics';
import { countBelow, mean, quantile, quantileRanks, samplesNeeded, valueAtRank, wilson } from '../statistics';
import { percentileOf, type FindingObjective, type Objective } from '../objectives';

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
  /** null: the evidence does not suffice to say. */
  ok: boolean | null;
  /** Why it is not ok or cannot be said; "" when it is ok. */
  reason: string;
}

export function target({ below, atMost, atLeast }: Pick<Objective, 'below' | 'atMost' | 'atLeast'>): string {
  const upper = below ?? atMost;
  if (atLeast !== undefined && upper !== undefined) return `${atLeast} to ${upper}`;
  if (atLeast !== undefined) return `>= ${atLeast}`;
  return below !== undefined ? `< ${below}` : `<= ${atMost}`;
}

/** Judges one objective on good evidence or not at all. */
export function judgeObjective(
  objective: Objective,
  snapshot: Pick<Snapshot, 'rows' | 'elapsed' | 'phases'>,
): ObjectiveResult {
  const { name, metric, stat, tags, source } = objective;
  const h = gather(snapshot.rows, metric, tags);
  const base = { name, metric, stat, tags, source, target: target(objective) };
  const percentile = percentileOf(stat);
  const judged =
    percentile !== undefined
      ? judgePercentile(objective, percentile, h)
      : stat === 'share'
        ? judgeShare(objective, h)
        : judgePlain(objective, h, seconds(snapshot, tags));
  return { ...base, ...judged };
}

/**
 * Judges an objective about a finding. Where the finding has an interval, a miss whose interval still holds the limit
 * is too little evidence.
 */
export function judgeFinding(objective: FindingObjective, findings: readonly Finding[]): ObjectiveResult {
  const { name, finding: wanted, source } = objective;
  const finding = findings.find((each) => each.name === wanted);
  const base = {
    name,
    metric: wanted,
    stat: 'finding',
    tags: {},
    source,
    target: target(objective),
    n: finding?.n ?? (finding?.value == null ? 0 : 1),
    needs: 1,
    interval: finding?.interval ?? null,
  };
  if (!finding) return { ...base, measured: null, ok: null, reason: `the script makes no finding "${wanted}"` };
  const { value: measured, interval } = finding;
  if (measured === null) return { ...base, measured, ok: finding.missed ? false : null, reason: finding.text };
  const ok = within(measured, objective);
  const { below, atMost, atLeast } = objective;
  const holds =
    interval &&
    [below, atMost, atLeast].some((limit) => limit !== undefined && limit >= interval[0] && limit <= interval[1]);
  if (!ok && holds)
    return {
      ...base,
      measured,
      ok: null,
      reason: `the interval ${interval.map((each) => each.toPrecision(3)).join(' .. ')} holds the limit`,
    };
  return { ...base, measured, ok, reason: ok ? '' : finding.text };
}

type Judged = Pick<ObjectiveResult, 'measured' | 'n' | 'needs' | 'interval' | 'ok' | 'reason'>;

/**
 * "p95 < 500" is "at least 95 % are under 500", and that count is exact, whatever the histogram's error. With fewer
 * samples than needed only a clear miss is a finding: the share beyond the limit is above what is allowed with 95 %
 * confidence.
 */
function judgePercentile({ below, atLeast }: Objective, q: number, h: Histogram): Judged {
  const n = h.count;
  const needs = samplesNeeded(q);
  if (n === 0) return { measured: null, n, needs, interval: null, ok: null, reason: 'no sample' };
  const [low, high] = quantileRanks(q, n);
  const interval: [number, number] = [valueAtRank(h, low)!, valueAtRank(h, high)!];
  const rank = Math.max(1, Math.ceil(q * n));
  let measured = quantile(h, q)!;
  let ok = true;
  let sure = false;
  if (below !== undefined) {
    const under = countBelow(h, below);
    const met = under >= rank;
    // The bucket's middle may stand on the other side of the limit than the exact count: keep what is shown in line
    // with it.
    measured = met ? Math.min(measured, below * (1 - 1e-6)) : Math.max(measured, below);
    sure ||= wilson(n - under, n)[0] > 1 - q;
    ok &&= met;
  }
  if (atLeast !== undefined) {
    const under = countBelow(h, atLeast);
    const met = under < rank;
    measured = met ? Math.max(measured, atLeast) : Math.min(measured, atLeast * (1 - 1e-6));
    sure ||= wilson(under, n)[0] > q;
    ok &&= met;
  }
  return conclude({ measured, n, needs, interval }, ok, sure);
}

function judgeShare({ below, atMost, atLeast }: Objective, h: Histogram): Judged {
  const n = h.count;
  const limit = below ?? atMost ?? atLeast!;
  const rare = Math.min(limit, 1 - limit);
  const needs = rare > 0 ? samplesNeeded(1 - rare) : 1;
  if (n === 0) return { measured: null, n, needs, interval: null, ok: null, reason: 'no sample' };
  const measured = h.sum / n;
  const interval = wilson(h.sum, n);
  const ok = within(measured, { below, atMost, atLeast });
  const sure = atLeast !== undefined && measured < atLeast ? interval[1] < atLeast : interval[0] > limit;
  return conclude({ measured, n, needs, interval }, ok, sure);
}

function judgePlain(objective: Objective, h: Histogram, loadSeconds: number): Judged {
  const n = h.count;
  if (n === 0) return { measured: null, n, needs: 1, interval: null, ok: null, reason: 'no sample' };
  const needs = objective.stat === 'mean' ? samplesNeeded(0.5) : 1;
  const measured = objective.stat === 'mean' ? mean(h)! : h.sum / Math.max(loadSeconds, 1e-9);
  return conclude({ measured, n, needs, interval: null }, within(measured, objective), false);
}

function within(
  measured: number,
  { below, atMost, atLeast }: Pick<Objective, 'below' | 'atMost' | 'atLeast'>,
): boolean {
  return (
    (below === undefined || measured < below) &&
    (atMost === undefined || measured <= atMost) &&
    (atLeast === undefined || measured >= atLeast)
  );
}

/** `sure`: missed beyond doubt even with few samples. */
function conclude(judged: Omit<Judged, 'ok' | 'reason'>, ok: boolean, sure: boolean): Judged {
  if (judged.n < judged.needs && !(sure && !ok))
    return { ...judged, ok: null, reason: `${judged.n} samples, ${judged.needs} are needed` };
  return { ...judged, ok, reason: ok ? '' : 'missed' };
}

/** Length of the phases that the tags name, or of the whole load, seconds. */
function seconds(snapshot: Pick<Snapshot, 'elapsed' | 'phases'>, tags: Tags): number {
  const phases = snapshot.phases.filter(
    (phase) => phase.start >= 0 && (tags.phase === undefined || tags.phase === phase.phase),
  );
  return (
    phases.reduce((sum, phase) => sum + Math.max(0, Math.min(phase.end, snapshot.elapsed) - phase.start), 0) / 1000
  );
}
