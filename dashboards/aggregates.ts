import { metrics, type Metric } from '../lib/metrics';
import { times, type Ask, type Select } from './ask';
import { influxql, type Wording } from './influxql';

/*
 * The same question to a run with INFLUX=aggregate (xk6-sse/internal/aggregates). Counters, and what says how something
 * stands, have their own measurements there too, so one query reads either. Values of requests are in rows of
 * llm_seconds: one for each second and each value of a group's tags, with fields such as llm_ttft_p95. A run has the one
 * or the other, so of a panel's two queries one has no answer.
 */

/** The measurement of the rows. */
export const rows = 'llm_seconds';

/** Groups of tags that have rows, as in xk6-sse/internal/aggregates/groups.go: the first that has what is asked for. */
export const groups: Readonly<Record<string, readonly string[]>> = {
  all: [],
  phase: ['phase'],
  kind: ['kind'],
  size: ['kind', 'size'],
  family: ['family'],
  model: ['family', 'model'],
  agency: ['agency'],
  'model,size': ['kind', 'size', 'family', 'model'],
  'model,phase': ['family', 'model', 'phase'],
};

/** Percentiles that show where the values lie, in place of values. */
const spread = [5, 25, 50, 75, 90, 95, 99];

/** The question to a run with INFLUX=aggregate; undefined where its own query reads both. */
export function aggregated(ask: Ask): string | undefined {
  const wording = wordingOf(ask);
  return wording && influxql(ask, wording);
}

/**
 * How a question is put to the rows; undefined where its own query reads both, and for intervals of confidence, which no
 * row has. Throws where no group has its tags.
 */
function wordingOf({ from, where, by = [], least }: Ask): Wording | undefined {
  const metric: Metric | undefined = from in metrics ? metrics[from as keyof typeof metrics] : undefined;
  if (!metric || metric.type === 'counter' || metric.type === 'gauge' || least !== undefined) return undefined;
  if (metric.source.from === 'pulse' || metric.source.from === 'page') return undefined;
  const wanted = [...by, ...(where ? [where.tag] : [])].filter((tag) => tag !== 'run_id' && tag !== 'script');
  const group = Object.keys(groups).find((name) => wanted.every((tag) => groups[name]!.includes(tag)));
  if (group === undefined) throw new Error(`no row of ${rows} has the tags ${wanted.join(', ')}: see groups`);
  const field = (what: string) => `"${from}_${what}"`;
  return {
    from: rows,
    more: [`"by" = '${group}'`],
    figures: (select, whole) => figuresOf(field, select, whole),
    count: `sum(${field('count')})`,
  };
}

/** What is selected of the rows. Each interval's percentile is the mean of its seconds'; a whole run's is its own. */
function figuresOf(
  field: (what: string) => string,
  select: Select,
  whole: boolean,
): readonly (readonly [string, string])[] {
  const percentile = (rank: number) => (whole ? `last(${field(`run_p${rank}`)})` : `mean(${field(`p${rank}`)})`);
  const one = (worded: string): readonly [string, string][] => [[worded, select.as]];
  switch (select.figure) {
    case 'values':
      return spread.map((rank) => [whole ? field(`p${rank}`) : `mean(${field(`p${rank}`)})`, `p${rank}`]);
    case 'percentile':
      return one(percentile(select.rank));
    case 'drift':
      return one(`moving_average(${select.of === 'median' ? percentile(50) : `mean(${field('mean')})`}, 5)`);
    case 'mean':
      return one(`(sum(${field('sum')}) / sum(${field('count')}))${times(select.times)}`);
    case 'min':
    case 'max':
      return one(`${select.figure}(${field(select.figure)})${times(select.times)}`);
    case 'count':
      return one(`sum(${field('count')})${times(select.times)}`);
    case 'sum':
      return one(`sum(${field('sum')})${times(select.times)}`);
    case 'perSecond':
      return one(`sum(${field('sum')})${times(select.times)} * 1000 / $__interval_ms`);
  }
}
