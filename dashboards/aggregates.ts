import { metrics, type Metric } from '../lib/metrics';
import { influxql, type Ask } from './influxql';

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

/** The question as InfluxQL for the rows; undefined where its own query reads both. Throws where no group has its tags. */
export function aggregated(ask: Ask): string | undefined {
  const metric: Metric | undefined = ask.from in metrics ? metrics[ask.from as keyof typeof metrics] : undefined;
  if (!metric || metric.type === 'counter' || metric.type === 'gauge') return undefined;
  if (metric.source.from === 'pulse' || metric.source.from === 'page') return undefined;
  const { where = '', by = [] } = ask;
  const wanted = [...by, ...[...where.matchAll(/"(\w+)" (?:=|!=|=~|!~)/g)].map(([, tag]) => tag!)].filter(
    (tag) => tag !== 'run_id' && tag !== 'script',
  );
  const group = Object.keys(groups).find((name) => wanted.every((tag) => groups[name]!.includes(tag)));
  if (group === undefined) throw new Error(`no row of ${rows} has the tags ${wanted.join(', ')}: see groups`);
  return influxql({
    ...ask,
    select: selected(ask),
    from: rows,
    where: `"by" = '${group}'${where === '' ? '' : ` AND ${where}`}`,
  });
}

/** What is selected of the rows. Each interval's percentile is the mean of its seconds'; a whole run's is its own. */
function selected({ select, from, whole = false }: Ask): string {
  const field = (what: string) => `"${from}_${what}"`;
  if (select.startsWith('sample('))
    return spread.map((rank) => `${whole ? field(`p${rank}`) : `mean(${field(`p${rank}`)})`} AS "p${rank}"`).join(', ');
  const percentile = (rank: string) => (whole ? `last(${field(`run_p${rank}`)})` : `mean(${field(`p${rank}`)})`);
  return select
    .replace(/percentile\("value", (\d+)\)/g, (_, rank: string) => percentile(rank))
    .replace(/median\("value"\)/g, percentile('50'))
    .replace(/moving_average\(mean\("value"\)/g, `moving_average(mean(${field('mean')})`)
    .replace(/mean\("value"\)/g, `(sum(${field('sum')}) / sum(${field('count')}))`)
    .replace(/(max|min)\("value"\)/g, (_, which: string) => `${which}(${field(which)})`)
    .replace(/count\("value"\)/g, `sum(${field('count')})`)
    .replace(/sum\("value"\)/g, `sum(${field('sum')})`);
}
