import type { MetricReport, Stats, TimelinePoint } from '../../../lib/measurements';
import {
  coarse,
  meanEstimator,
  merge,
  mergeBatches,
  ofHistogram,
  quantileEstimator,
  rateEstimator,
  reach,
  shareEstimator,
  type Batches,
  type Estimator,
} from '../../../lib/statistics';
import type { RunRecord } from '../../../lib/summary';
import type { Exact } from './exact';
import { rowsOf, type Figure } from './figures';

const percentiles: Readonly<Record<string, number>> = { p50: 0.5, p90: 0.9, p95: 0.95, p99: 0.99, 'p99.9': 0.999 };

/**
 * A figure of one run, with its interval at any confidence; undefined where the run does not have it. `exact` are the
 * run's single values, which are taken instead of its histograms: they fit the figure's rows.
 */
export function estimatorOf(run: RunRecord, figure: Figure, exact?: Exact): Estimator | undefined {
  const { metric, stat, tags } = figure;
  if (stat === 'finding') return ofFinding(run, metric);
  const rows = rowsOf(run, metric, tags);
  if (rows.length === 0) return undefined;
  const h = merge(rows.map((row) => row.histogram!));
  const batches = batchesOf(run, figure, rows);
  if (stat === 'share') return shareEstimator(h.sum, h.count, batches);
  const observed = exact ? exact.observed(metric, rows, batches) : ofHistogram(h, batches);
  if (stat === 'mean') return meanEstimator(observed);
  if (stat === 'rate') return rateOf(run, tags.phase, h.sum, batches);
  const q = percentiles[stat];
  return q === undefined ? undefined : quantileEstimator(observed, q);
}

/** The stretches of all rows, or of the timeline in a record that has none; undefined where neither says it. */
function batchesOf(run: RunRecord, { metric, tags }: Figure, rows: readonly MetricReport[]): Batches | undefined {
  const kept = rows.map((row) => row.batches);
  if (kept.every((each) => each !== undefined)) return mergeBatches(kept);
  // The timeline does not tell kinds apart: it serves where all values of the phase are meant.
  const whole = rowsOf(run, metric, tags.phase === undefined ? {} : { phase: tags.phase });
  if (whole.length !== rows.length) return undefined;
  const points = run.timeline.filter(({ phase }) => tags.phase === undefined || phase === tags.phase);
  const batches = ofTimeline(points, metric);
  const [has, wanted] = [total(batches?.count ?? []), total(rows.map((row) => row.count))];
  return batches && Math.abs(has - wanted) <= 0.02 * wanted ? batches : undefined;
}

const total = (numbers: readonly number[]) => numbers.reduce((sum, each) => sum + each, 0);

/** Stretches out of the timeline of a run of schema 1, which has some figures of each second (or of each 10 s). */
function ofTimeline(points: readonly TimelinePoint[], metric: string): Batches | undefined {
  const name = metric.replace('llm_', '') as 'ttft' | 'ttft_scheduled' | 'e2e' | 'e2e_scheduled';
  if (points.length === 0) return undefined;
  const batches: Batches = { width: 1000 * points[0]!.seconds, first: 0, count: [], sum: [], below: {}, buckets: [] };
  batches.first = Math.round((1000 * points[0]!.t_s) / batches.width);
  for (const point of points) {
    const at = Math.round((1000 * point.t_s) / batches.width) - batches.first;
    while (batches.count.length <= at) {
      batches.count.push(0);
      batches.sum.push(0);
      batches.buckets.push([]);
    }
    if (metric === 'llm_stream_error') {
      batches.count[at]! += point.ok + point.failed;
      batches.sum[at]! += point.failed;
      continue;
    }
    const figures = point[name];
    if (!figures) continue;
    batches.count[at]! += figures.count;
    batches.sum[at]! += (figures.mean ?? 0) * figures.count;
    batches.buckets[at] = bucketsOf(figures);
  }
  return mergeBatches([batches, { ...batches, count: [], sum: [], buckets: [] }]);
}

/** Coarse buckets with about the distribution that a few percentiles describe: straight between them. */
function bucketsOf(figures: Stats): number[] {
  const known = [
    [0, figures.min],
    [0.5, figures.p50],
    [0.9, figures.p90],
    [0.95, figures.p95],
    [0.99, figures.p99],
    [1, figures.max],
  ].filter((each): each is [number, number] => each[1] !== null);
  const counts = new Map<number, number>();
  for (let i = 0; i < figures.count; i++) {
    const share = (i + 0.5) / figures.count;
    const next = Math.max(
      1,
      known.findIndex(([q]) => q >= share),
    );
    const [[q1, v1], [q2, v2]] = [known[next - 1]!, known[next]!];
    const value = v1 + ((v2 - v1) * (share - q1)) / (q2 - q1);
    if (value <= 1e-6) continue;
    const bucket = Math.ceil(Math.ceil(Math.log(value) / Math.log(1.005012531328321)) / coarse);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  return [...counts].sort(([a], [b]) => a - b).flat();
}

function rateOf(run: RunRecord, phase: string | undefined, sum: number, batches?: Batches): Estimator | undefined {
  const parts = run.phases.filter((each) => each.start_s >= 0 && (phase === undefined || each.phase === phase));
  const [from, to] = [Math.min(...parts.map((each) => each.start_s)), Math.max(...parts.map((each) => each.end_s))];
  if (!(to > from)) return undefined;
  if (batches) return rateEstimator(batches, 1000 * from, 1000 * to, 'sum');
  const value = sum / (to - from);
  const short = 'it is not known when each value came';
  return () => ({ value, low: -Infinity, high: Infinity, n: 1, effective: 1, short });
}

/** A finding has one interval, of 95 %: at other confidences it is taken for normal. */
function ofFinding(run: RunRecord, id: string): Estimator | undefined {
  const finding = run.findings.find((each) => each.id === id);
  if (!finding || finding.value === null) return undefined;
  const { value, interval, n = 1 } = finding;
  if (!interval) {
    const short = 'the finding has no interval';
    return () => ({ value, low: -Infinity, high: Infinity, n, effective: 1, short });
  }
  return (confidence) => {
    const wider = reach(confidence) / reach(0.95);
    const [low, high] = [value - (value - interval[0]) * wider, value + (interval[1] - value) * wider];
    return { value, low, high, n, effective: n, short: '' };
  };
}
