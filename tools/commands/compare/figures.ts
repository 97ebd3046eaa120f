import type { MetricReport } from '../../../lib/measurements';
import { carries, metrics, type MetricName, type Tags } from '../../../lib/metrics';
import type { RunRecord } from '../../../lib/summary';
import type { FigureReport } from './comparison';

/** What is compared: the same in every run. */
export type Figure = Pick<FigureReport, 'name' | 'metric' | 'stat' | 'tags' | 'unit' | 'better' | 'role'> & {
  /** The objective's limit in words. */
  target?: string;
};

/** Which way is better, and which figures of a metric are compared beside those of the objectives; `main` ones decide. */
const compared: Partial<Record<MetricName, { better: 'lower' | 'higher'; stats: string[]; main?: string }>> = {
  llm_ttft: { better: 'lower', stats: ['p50', 'p95'], main: 'p50' },
  llm_ttft_scheduled: { better: 'lower', stats: ['p50', 'p95'] },
  llm_ttfo: { better: 'lower', stats: ['p50', 'p95'] },
  llm_ttfb: { better: 'lower', stats: ['p50', 'p95'] },
  llm_first_chunk: { better: 'lower', stats: ['p50', 'p95'] },
  llm_inter_chunk: { better: 'lower', stats: ['p50', 'p95'], main: 'p50' },
  llm_tpot: { better: 'lower', stats: ['p50', 'p95'] },
  llm_tokens_per_second: { better: 'higher', stats: ['p50'] },
  llm_e2e: { better: 'lower', stats: ['p50', 'p95'], main: 'p50' },
  llm_e2e_scheduled: { better: 'lower', stats: ['p50', 'p95'] },
  llm_connect: { better: 'lower', stats: ['p50'] },
  llm_overhead_ttft: { better: 'lower', stats: ['p50', 'p95'] },
  llm_overhead_chunk: { better: 'lower', stats: ['p50', 'p95'] },
  llm_cost_usd: { better: 'lower', stats: ['mean'] },
  llm_stream_error: { better: 'lower', stats: ['share'], main: 'share' },
  llm_goodput: { better: 'higher', stats: ['share'] },
};

/** Tags by which figures are told apart; a row's `outcome` is what is counted, not what it is counted under. */
const sortedBy: readonly (readonly string[])[] = [
  ['phase'],
  ['phase', 'kind'],
  ['phase', 'kind', 'model'],
  ['phase', 'kind', 'size'],
];

/** The rows of a metric that hold a tag set's values; sums are left out, since they hold the same values again. */
export function rowsOf(record: RunRecord, metric: string, tags: Tags): MetricReport[] {
  const reports = (record.metrics as Record<string, MetricReport[]>)[metric] ?? [];
  return reports.filter((report) => report.histogram && carries(report.tags, tags));
}

/**
 * All figures that every run of both sides has: those of the objectives first, then the main ones (of the kind of request
 * that was sent most, in the phase that held its rate and sent most; errors of all kinds), then the same under more tags.
 * Times of all kinds together are none: chats and lists of models in one median say nothing.
 */
export function figuresOf(runs: readonly RunRecord[]): Figure[] {
  const figures = new Map<string, Figure>();
  const add = (figure: Figure) => {
    const key = keyOf(runs, figure);
    if (!figures.has(key)) figures.set(key, figure);
  };
  for (const objective of runs[0]!.objectives) {
    const figure = ofObjective(objective);
    if (
      figure &&
      (figure.stat === 'finding' || runs.every((run) => rowsOf(run, figure.metric, figure.tags).length > 0))
    )
      add(figure);
  }
  const main = mainTags(runs[0]!);
  const details: Figure[] = [];
  for (const [metric, how] of Object.entries(compared))
    for (const tags of tagSets(runs, metric))
      for (const stat of how.stats) {
        const leads = metrics[metric as MetricName].type === 'rate' ? { phase: main.phase } : main;
        const leading = how.main === stat && JSON.stringify(tags) === JSON.stringify(leads);
        const figure: Figure = {
          name: `${metric} ${stat}`,
          metric,
          stat,
          tags,
          unit: metrics[metric as MetricName].unit,
          better: how.better,
          role: leading ? 'main' : 'detail',
        };
        if (leading) add(figure);
        else details.push(figure);
      }
  for (const figure of details) add(figure);
  return [...figures.values()];
}

/** Figures over the same values are one: a model that is the only one adds nothing to its kind. */
function keyOf(runs: readonly RunRecord[], { metric, stat, tags }: Figure): string {
  if (stat === 'finding') return `finding ${metric}`;
  const rows = runs.map((run) => rowsOf(run, metric, tags).map((row) => JSON.stringify(row.tags)));
  return JSON.stringify([metric, stat, rows]);
}

function ofObjective({ name, metric, stat, tags, target }: RunRecord['objectives'][number]): Figure | undefined {
  const known = compared[metric as MetricName]?.better;
  const better = known ?? (/^>=/.test(target) ? 'higher' : /^<=? /.test(target) ? 'lower' : undefined);
  // A range has no better side.
  if (!better) return undefined;
  const unit = stat === 'finding' ? '' : (metrics[metric as MetricName]?.unit ?? '');
  return { name, metric, stat, tags, unit, better, role: 'objective', target };
}

/** The tag sets under which every run has values of the metric. */
function tagSets(runs: readonly RunRecord[], metric: string): Tags[] {
  const found = new Map<string, Tags>();
  for (const names of sortedBy)
    for (const row of rowsOf(runs[0]!, metric, {})) {
      if (names.some((name) => row.tags[name] === undefined)) continue;
      if (names.length === 1 && metrics[metric as MetricName].type !== 'rate') continue;
      const tags = Object.fromEntries(names.map((name) => [name, row.tags[name]!]));
      if (runs.every((run) => rowsOf(run, metric, tags).length > 0)) found.set(JSON.stringify(tags), tags);
    }
  return [...found.values()];
}

/** The phase and the kind of request of the main figures. */
function mainTags(run: RunRecord): { phase?: string; kind?: string } {
  const phase = mainPhase(run);
  const counts = new Map<string, number>();
  for (const { tags, count } of rowsOf(run, 'llm_e2e', phase === undefined ? {} : { phase }))
    counts.set(tags.kind ?? '', (counts.get(tags.kind ?? '') ?? 0) + count);
  return { phase, kind: [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] };
}

/** The phase that holds its rate and sent most; the one that sent most where none holds. */
function mainPhase(run: RunRecord): string | undefined {
  const holds = new Set(run.profile.phases.filter(({ holdSeconds }) => holdSeconds > 0).map(({ name }) => name));
  const sent = [...run.phases].sort((a, b) => b.sent - a.sent).map(({ phase }) => phase);
  return sent.find((phase) => holds.has(phase)) ?? sent[0];
}

/** The seconds of a phase, or of the whole load. */
export function secondsOf(run: RunRecord, phase: string | undefined): number {
  const found = run.phases.filter((each) => each.start_s >= 0 && (phase === undefined || each.phase === phase));
  return found.reduce((sum, { start_s, end_s }) => sum + Math.max(0, end_s - start_s), 0);
}
