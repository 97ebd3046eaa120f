import { metrics, type MetricName } from '../../../lib/metrics';
import type { MetricReport } from '../../../lib/measurements';
import type { RunRecord } from '../../../lib/summary';

/*
 * OpenMetrics 1.0 text: durations in seconds, units at the end of names, families each in one piece, # EOF at the end. All
 * samples have the time at which the run ended, so that `promtool tsdb create-blocks-from openmetrics` takes them.
 */

const escaped = (text: string) => text.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');

function labels(tags: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(tags).map(
    ([name, value]) => `${name.replace(/[^a-zA-Z0-9_]/g, '_')}="${escaped(value)}"`,
  );
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

/** Name, unit and scale by the conventions: base units. */
const bases: Readonly<Record<string, { unit: string; scale: number }>> = {
  ms: { unit: 'seconds', scale: 0.001 },
  share: { unit: 'ratio', scale: 1 },
  bytes: { unit: 'bytes', scale: 1 },
};

const quantiles = [
  ['p50', '0.5'],
  ['p90', '0.9'],
  ['p95', '0.95'],
  ['p99', '0.99'],
  ['p999', '0.999'],
] as const;

function family(name: MetricName, rows: readonly MetricReport[], common: Record<string, string>): string[] {
  const { type, unit, meaning } = metrics[name];
  const base = bases[unit];
  const scale = base?.scale ?? 1;
  const full = base ? `${name}_${base.unit}` : name;
  const head = (kind: string) => [
    `# TYPE ${full} ${kind}`,
    ...(base ? [`# UNIT ${full} ${base.unit}`] : []),
    `# HELP ${full} ${escaped(meaning)}`,
  ];
  if (type === 'counter')
    return [...head('counter'), ...rows.map((row) => `${full}_total${labels({ ...common, ...row.tags })} ${row.sum}`)];
  if (type === 'rate')
    return [
      ...head('gauge'),
      ...rows.map((row) => `${full}${labels({ ...common, ...row.tags })} ${row.count > 0 ? row.sum / row.count : 0}`),
    ];
  return [
    ...head('summary'),
    ...rows.flatMap((row) => {
      const tags = { ...common, ...row.tags };
      return [
        ...quantiles.flatMap(([key, quantile]) =>
          row[key] === null ? [] : [`${full}${labels({ ...tags, quantile })} ${row[key] * scale}`],
        ),
        `${full}_count${labels(tags)} ${row.count}`,
        `${full}_sum${labels(tags)} ${row.sum * scale}`,
      ];
    }),
  ];
}

const verdicts = ['PASS', 'FAIL', 'INVALID'];

/**
 * The run's metrics under their full tag sets (sums of them are left out: a query adds them up), its verdict as a state
 * set, and its objectives' figures.
 */
export function openMetrics(run: RunRecord): string {
  const common = { run_id: run.run_id, script: run.script };
  const families = (Object.keys(run.metrics) as MetricName[]).flatMap((name) => {
    const all = run.metrics[name]!;
    const full = all.filter(({ histogram }) => histogram !== undefined);
    return family(name, full.length > 0 ? full : all, common);
  });
  const measured = run.objectives.filter((o) => o.measured !== null);
  const lines = [
    '# TYPE gsai_verdict stateset',
    '# HELP gsai_verdict The verdict of the run.',
    ...verdicts.map(
      (each) => `gsai_verdict${labels({ ...common, gsai_verdict: each })} ${each === run.verdict ? 1 : 0}`,
    ),
    ...(measured.length > 0
      ? [
          '# TYPE gsai_objective gauge',
          '# HELP gsai_objective What an objective measured, in the unit of its metric in run.json.',
          ...measured.map(
            (o) =>
              `gsai_objective${labels({ ...common, ...Object.fromEntries(Object.entries(o.tags).map(([tag, value]) => [`of_${tag}`, value])), objective: o.name, state: o.state, wanted: o.target })} ${o.measured}`,
          ),
        ]
      : []),
    ...families,
  ];
  const ended = Date.parse(run.started_at) / 1000 + run.duration_s;
  const timed = lines.map((line) => (line.startsWith('#') ? line : `${line} ${ended.toFixed(3)}`));
  return [...timed, '# EOF', ''].join('\n');
}
