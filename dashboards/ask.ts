import { metrics, type Metric, type MetricName } from '../lib/metrics';

/*
 * What a panel asks, without the words of any database: dashboards/influxql.ts and dashboards/promql.ts word it.
 */

/** Metrics of k6 itself that we show: their kinds, and Grafana's units. Ours are in lib/metrics/table.ts. */
const k6Metrics = {
  dropped_iterations: { type: 'counter', unit: 'short' },
  vus: { type: 'gauge', unit: 'short' },
  data_received: { type: 'counter', unit: 'bytes' },
  data_sent: { type: 'counter', unit: 'bytes' },
  http_reqs: { type: 'counter', unit: 'short' },
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
  return name in metrics ? units[metrics[name as MetricName].unit] : k6Metrics[name as keyof typeof k6Metrics].unit;
}

/** What a metric is in k6, whether its values are times, and whether they are known only after the load. */
export function kindOf(name: Measurement): Pick<Metric, 'type'> & { time: boolean; afterwards: boolean } {
  if (!(name in metrics)) {
    return { type: k6Metrics[name as keyof typeof k6Metrics].type, time: false, afterwards: false };
  }
  const { type, time, source }: Metric = metrics[name as MetricName];
  return { type, time: time === true, afterwards: source.from === 'truth' };
}

/**
 * Which samples: `request` those that carry the tags of a request, `run` those of the whole run, `all` where not even
 * the run is known, `pair` the two runs compared.
 */
export type Scope = 'request' | 'run' | 'all' | 'pair';

/** One figure of a question, with its name in legends and heads of columns. */
export type Select =
  | { figure: 'percentile'; rank: number; as: string }
  | { figure: 'mean' | 'sum' | 'count' | 'min' | 'max'; as: string; times?: number }
  /** What an interval adds up to, by the second. */
  | { figure: 'perSecond'; as: string; times?: number }
  /** The median or the mean, over a window of several intervals: a run's slow drift. */
  | { figure: 'drift'; of: 'median' | 'mean'; as: string }
  /** The values themselves, at most so many of each interval. */
  | { figure: 'values'; most: number; as: string };

/** A condition on one tag: its value, not this value, or one that begins so. */
export type Where = { tag: string } & ({ is: string } | { not: string } | { begins: string });

export interface Ask {
  select: readonly Select[];
  from: Measurement;
  scope?: Scope;
  where?: Where;
  /** Tags to group by. */
  by?: readonly string[];
  /** Whole range in one value (or, with values, as points) instead of one value an interval. */
  whole?: boolean;
  /** A table instead of series over time. */
  table?: boolean;
  /** Legend, in which `$tag_<name>` is a tag's value and `$col` the figure's name; the tags and the figure when left out. */
  alias?: string;
  /** Only intervals with at least so many values. */
  least?: number;
  /** Only runs of these scripts. */
  scripts?: readonly string[];
  /** A line at this height (in the metric's own unit) wherever there are samples, in place of `select`. */
  line?: number;
  /** Of a pair: how far run B lies from run A, as a share of A's figure, or (points) as B - A. */
  difference?: 'share' | 'points';
}

/** A factor in words that both query languages have. */
export const times = (factor = 1): string => (factor === 1 ? '' : ` * ${factor}`);

/** The legend of a question's lines, with `$tag_<name>` and `$col` in it. */
export const legendOf = ({ alias, by = [] }: Ask): string =>
  alias ?? [...by.map((tag) => `$tag_${tag}`), '$col'].join(' ');

/** Percentiles of the values: `p95`. */
export const percentiles = (...ranks: number[]): Select[] =>
  ranks.map((rank) => ({ figure: 'percentile', rank, as: `p${rank}` }));
/** A counter's sum as a rate per second. */
export const perSecond = (as: string): Select[] => [{ figure: 'perSecond', as }];
/** The mean of the values, multiplied if it is told. */
export const mean = (as: string, times?: number): Select[] => [{ figure: 'mean', as, times }];
/** The sum of the values. */
export const sum = (as: string): Select[] => [{ figure: 'sum', as }];
/** How many values there are. */
export const count = (as: string): Select[] => [{ figure: 'count', as }];
/** The smallest value. */
export const least = (as: string): Select[] => [{ figure: 'min', as }];
/** The largest value. */
export const most = (as: string): Select[] => [{ figure: 'max', as }];
/** A run's slow drift: the median or the mean over several intervals. */
export const drift = (as: string, of: 'median' | 'mean'): Select[] => [{ figure: 'drift', of, as }];
/** Dollars of an interval, for an hour. */
export const anHour = (as: string): Select[] => [{ figure: 'perSecond', as, times: 3600 }];
/** Values themselves, at most so many of each interval. */
export const values = (most: number): Select[] => [{ figure: 'values', most, as: 'value' }];
