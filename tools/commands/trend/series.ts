import { changePoints, changesNeed, medianOf } from '../../../lib/statistics';
import type { RunRecord } from '../../../lib/summary';
import { doubts } from '../compare/comparable';
import { estimatorOf } from '../compare/estimate';
import { figuresOf, type Figure } from '../compare/figures';
import type { ReadRun } from '../compare/judge';
import type { Change, History, Point, Series } from './history';

/** Runs of one script that may be compared with each other, in order of time. */
function groups(runs: readonly ReadRun[]): ReadRun[][] {
  const found: ReadRun[][] = [];
  for (const run of [...runs].sort((a, b) => (a.record.started_at < b.record.started_at ? -1 : 1))) {
    const group = found.find(([first]) =>
      doubts([first!.record, run.record]).every(({ about }) => about === 'instrument'),
    );
    if (group) group.push(run);
    else found.push([run]);
  }
  return found;
}

/** Every figure over the runs that have it, with its changes. */
export function history(
  runs: readonly ReadRun[],
  leftOut: History['left_out'],
  thresholds: Pick<History, 'threshold' | 'threshold_share'>,
  wanted: (figure: Figure) => boolean,
): History {
  const doubted = runs.filter(({ record }) => record.reasons.some(({ about }) => about === 'instrument'));
  const sound = runs.filter((run) => !doubted.includes(run));
  const series = groups(sound).flatMap((group) => {
    const newest = group.at(-1)!.record;
    return figuresOf([newest])
      .filter(wanted)
      .map((figure) => seriesOf(group, figure, thresholds));
  });
  const why = (record: RunRecord) =>
    `its instrument was in doubt: ${record.reasons.find(({ about }) => about === 'instrument')!.text}`;
  return {
    schema: 1,
    series,
    left_out: [...leftOut, ...doubted.map(({ file, record }) => ({ file, why: why(record) }))],
    ...thresholds,
  };
}

function seriesOf(
  group: readonly ReadRun[],
  figure: Figure,
  thresholds: Pick<History, 'threshold' | 'threshold_share'>,
): Series {
  const points = group.flatMap(({ file, record }): Point[] => {
    const estimate = estimatorOf(record, figure)?.(0.95);
    if (!estimate || !Number.isFinite(estimate.value)) return [];
    const { value, low, high } = estimate;
    const finite = (end: number) => (Number.isFinite(end) ? end : null);
    return [
      {
        run_id: record.run_id,
        file,
        started_at: record.started_at,
        commit: record.environment.commit,
        value,
        interval: [finite(low), finite(high)],
        verdict: record.verdict,
      },
    ];
  });
  const { script, profile, environment } = group.at(-1)!.record;
  const load = profile.phases.map(({ name, rate }) => `${name} ${Number(rate.toPrecision(4))}/s`).join(', ');
  return {
    script,
    of: `${load}; ${environment.cpu_model}, ${environment.cpus} cores`,
    ...figure,
    points,
    changes: changesOf(points, figure, thresholds),
    lacking: Math.max(0, changesNeed - points.length),
  };
}

function changesOf(
  points: readonly Point[],
  { better, unit }: Figure,
  { threshold, threshold_share }: Pick<History, 'threshold' | 'threshold_share'>,
): Change[] {
  const values = points.map(({ value }) => value);
  const found = changePoints(values);
  const edges = [0, ...found.map(({ index }) => index), values.length];
  return found.flatMap(({ index, p }, i): Change[] => {
    const before = medianOf(values.slice(edges[i], index))!;
    const after = medianOf(values.slice(index, edges[i + 2]))!;
    const least = unit === 'share' ? threshold_share : threshold * Math.abs(before);
    if (Math.abs(after - before) <= least) return [];
    const relative = before === 0 ? null : after / before - 1;
    const verdict = after > before === (better === 'lower') ? 'worse' : 'better';
    return [{ run_id: points[index]!.run_id, index, before, after, relative, p, verdict }];
  });
}
