import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { metrics, type Metric, type MetricName } from '../lib/metrics';

/** Grafana's data source of dashboards/provisioning/datasources. */
export const datasource = { type: 'influxdb', uid: 'gsai-perf-influxdb' } as const;

/** Metrics of k6 itself that we show: names and Grafana's units. Ours are in lib/metrics/table.ts. */
const k6Metrics = {
  dropped_iterations: 'short',
  vus: 'short',
  data_received: 'bytes',
  data_sent: 'bytes',
  http_reqs: 'short',
} as const;
export type Measurement = MetricName | keyof typeof k6Metrics;

const units: Record<Metric['unit'], string> = {
  requests: 'short',
  'requests/s': 'reqps',
  ms: 'ms',
  tokens: 'short',
  'tokens/s': 'suffix: tokens/s',
  'tokens/chunk': 'suffix: tokens/chunk',
  share: 'percentunit',
  count: 'short',
  USD: 'currencyUSD',
  cores: 'suffix: cores',
  bytes: 'bytes',
  'per second': 'cps',
  'bytes/s': 'Bps',
};

/** Grafana's unit of a metric, from the one table of metrics. */
export function unitOf(name: Measurement): string {
  return name in metrics ? units[metrics[name as MetricName].unit] : k6Metrics[name as keyof typeof k6Metrics];
}

/**
 * Which samples: `request` those that carry the tags of a request, `run` those of the whole run, `all` where not even
 * the run is known, `pair` the two runs compared.
 */
export type Scope = 'request' | 'run' | 'all' | 'pair';

const ofRun = '"script" =~ /^${script:regex}$/ AND "run_id" =~ /^${run:regex}$/';
const scopes: Record<Scope, string> = {
  request: `$timeFilter AND ${ofRun} AND "model" =~ /^\${model:regex}$/ AND "family" =~ /^\${provider:regex}$/ AND "agency" =~ /^\${agency:regex}$/`,
  run: `$timeFilter AND ${ofRun}`,
  all: '$timeFilter',
  pair: '"run_id" =~ /^(${run_a:regex}|${run_b:regex})$/',
};

export interface Ask {
  /** What is selected, with its name: `percentile("value", 95) AS "p95"`. */
  select: string;
  from: Measurement;
  scope?: Scope;
  /** Further conditions in InfluxQL. */
  where?: string;
  /** Tags to group by. */
  by?: string[];
  /** Whole range in one value (or, with sample(), as points) instead of one value an interval. */
  whole?: boolean;
  /** A table instead of series over time. */
  table?: boolean;
  /** Legend; the tags and the selected name when left out. */
  alias?: string;
  fill?: 'none' | '0' | 'previous';
}

/** InfluxQL of a question, with Grafana's variables in it. */
export function influxql({
  select,
  from,
  scope = 'request',
  where,
  by = [],
  whole = false,
  fill = 'none',
}: Omit<Ask, 'from'> & { from: string }): string {
  const groups = [...(whole ? [] : ['time($__interval)']), ...by.map((tag) => `"${tag}"`)];
  const condition = where ? `${scopes[scope]} AND ${where}` : scopes[scope];
  return `SELECT ${select} FROM "${from}" WHERE ${condition}${groups.length > 0 ? ` GROUP BY ${groups.join(', ')}` : ''}${whole ? '' : ` fill(${fill})`}`;
}

/** A query of Grafana's InfluxDB data source in InfluxQL: the Foundation SDK has no class for it. */
export class InfluxQuery implements Builder<Dataquery> {
  private readonly target: {
    refId: string;
    datasource: typeof datasource;
    rawQuery: true;
    query: string;
    resultFormat: 'time_series' | 'table';
    alias?: string;
  };

  constructor(refId: string, query: string, { table = false, alias }: { table?: boolean; alias?: string } = {}) {
    this.target = {
      refId,
      datasource,
      rawQuery: true,
      query,
      resultFormat: table ? 'table' : 'time_series',
      ...(alias === undefined ? {} : { alias }),
    };
  }

  static of(refId: string, ask: Ask, query = influxql(ask)): InfluxQuery {
    const alias = ask.alias ?? [...(ask.by ?? []).map((tag) => `$tag_${tag}`), '$col'].join(' ');
    return new InfluxQuery(refId, query, { table: ask.table, alias: ask.table ? undefined : alias });
  }

  build(): Dataquery {
    return { ...this.target, _implementsDataqueryVariant() {} } as Dataquery;
  }
}

/** The percentiles of a measurement's values, each as a column: `p95`. */
export const percentiles = (...ranks: number[]): string =>
  ranks.map((rank) => `percentile("value", ${rank}) AS "p${rank}"`).join(', ');
/** A counter's sum as a rate per second. */
export const perSecond = (name: string): string => `sum("value") * 1000 / $__interval_ms AS "${name}"`;

/** The arithmetic mean of a measurement's values, as a column of this name. */
export const mean = (name: string): string => `mean("value") AS "${name}"`;

/** The sum of a measurement's values, as a column of this name. */
export const sum = (name: string): string => `sum("value") AS "${name}"`;
