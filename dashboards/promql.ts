import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { kindOf, legendOf, times, type Ask, type Measurement, type Scope, type Select, type Where } from './ask';

/*
 * The questions in PromQL. k6's remote write sends counters and gauges as they are, Trends as native histograms
 * (K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM=true), times in seconds, and a Rate as its share since the run began.
 */

/** Grafana's data source of dashboards/provisioning/datasources. */
export const prometheus = { type: 'prometheus', uid: 'gsai-perf-prometheus' } as const;

const ofRun = ['script=~"$script"', 'run_id=~"$run"'];
const scopes: Record<Scope, readonly string[]> = {
  request: [...ofRun, 'model=~"$model"', 'family=~"$provider"', 'agency=~"$agency"'],
  run: ofRun,
  all: [],
  pair: ['run_id=~"$run_a|$run_b"'],
};

function condition(where: Where): string {
  if ('is' in where) return `${where.tag}="${where.is}"`;
  if ('not' in where) return `${where.tag}!="${where.not}"`;
  return `${where.tag}=~"${where.begins}.*"`;
}

type Run = 'run_a' | 'run_b';

function matchers({ scope = 'request', where, scripts }: Ask, run?: Run): string {
  const all = [
    ...(run === undefined ? scopes[scope] : [`run_id=~"$${run}"`]),
    ...(where ? [condition(where)] : []),
    ...(scripts ? [`script=~"${scripts.join('|')}"`] : []),
  ];
  return `{${all.join(',')}}`;
}

/** The name under which k6 writes a metric. */
export function seriesName(metric: Measurement): string {
  const { type, time } = kindOf(metric);
  const suffix = { counter: '_total', rate: '_rate', gauge: '', trend: time ? '_seconds' : '' }[type];
  return `k6_${metric}${suffix}`;
}

/** A figure over a window of five minutes is steady enough to show a run's drift. */
const driftWindow = '5m';

/** A few seconds at least: k6 writes once a second. */
const shortWindow = '$__rate_interval';

function figure(select: Select, ask: Ask, run?: Run): string {
  const { from, by = [], whole = false } = ask;
  const { type } = kindOf(from);
  const tags = matchers(ask, run);
  const window = select.figure === 'drift' ? driftWindow : shortWindow;
  const over = (name: string) =>
    whole ? `last_over_time(${name}${tags}[$__range])` : `rate(${name}${tags}[${window}])`;
  const added = (inner: string) => (by.length > 0 ? `sum by (${by.join(', ')}) (${inner})` : `sum(${inner})`);
  const factor = times('times' in select ? select.times : undefined);
  if (type === 'gauge') {
    const read = `avg_over_time(${seriesName(from)}${tags}[${whole ? '$__range' : window}])`;
    return `${by.length > 0 ? `avg by (${by.join(', ')}) (${read})` : `avg(${read})`}${factor}`;
  }
  if (type === 'counter') return `${added(over(seriesName(from)))}${factor}`;
  if (type === 'rate') {
    // The share of each series since the run began, by how many requests each series has had: both have the same tags.
    const share = whole ? over(seriesName(from)) : `${seriesName(from)}${tags}`;
    const requests = over(seriesName('llm_finished'));
    return `${added(`${requests} * ${share}`)} / ${added(requests)}${factor}`;
  }
  const histogram = added(over(seriesName(from)));
  const quantile = (share: number) => `histogram_quantile(${share}, ${histogram})`;
  const average = `histogram_sum(${histogram}) / histogram_count(${histogram})`;
  switch (select.figure) {
    case 'percentile':
      return quantile(select.rank / 100);
    case 'min':
      return `${quantile(0)}${factor}`;
    case 'max':
      return `${quantile(1)}${factor}`;
    case 'count':
      return `histogram_count(${histogram})${factor}`;
    case 'mean':
      return `${average}${factor}`;
    case 'drift':
      return select.of === 'median' ? quantile(0.5) : average;
    case 'sum':
    case 'perSecond':
      return `histogram_sum(${histogram})${factor}`;
    case 'values':
      return added(`increase(${seriesName(from)}${tags}[${window}])`);
  }
}

/** PromQL of one figure of a question, with Grafana's variables in it. */
export function promql(ask: Ask, select: Select): string {
  if (ask.difference !== undefined) {
    const [a, b] = [figure(select, ask, 'run_a'), figure(select, ask, 'run_b')];
    return ask.difference === 'share' ? `(${b}) / (${a}) - 1` : `(${b}) - (${a})`;
  }
  if (ask.line !== undefined) {
    const height = kindOf(ask.from).time ? ask.line / 1000 : ask.line;
    return `count(${seriesName(ask.from)}${matchers(ask)}) * 0 + ${height}`;
  }
  const asked = figure(select, ask);
  if (ask.least === undefined) return asked;
  // Rates are by the second, so the number in the window is its increase.
  const { by = [] } = ask;
  const increase = `increase(${seriesName(ask.from)}${matchers(ask)}[${shortWindow}])`;
  const number = `histogram_count(${by.length > 0 ? `sum by (${by.join(', ')}) (${increase})` : `sum(${increase})`})`;
  return `${asked} and ${number} >= ${ask.least}`;
}

/** The figures of a question: PromQL gives one at a time. */
export const figuresOf = (ask: Ask): readonly Select[] =>
  ask.line === undefined ? ask.select : [{ figure: 'count', as: 'limit' }];

/** Grafana's query for each figure of a question. */
export function promQueries(ask: Ask, refs: () => string): Builder<Dataquery>[] {
  return figuresOf(ask).map((select) => {
    const query = new DataqueryBuilder().refId(refs()).datasource(prometheus).expr(promql(ask, select));
    if (ask.table) return query.instant().format(PromQueryFormat.Table);
    const cells = select.figure === 'values';
    const legend = legendOf(ask)
      .replaceAll('$col', select.as)
      .replace(/\$tag_(\w+)/g, '{{$1}}');
    return (ask.whole ? query.instant() : query.range())
      .format(cells ? PromQueryFormat.Heatmap : PromQueryFormat.TimeSeries)
      .legendFormat(legend);
  });
}
