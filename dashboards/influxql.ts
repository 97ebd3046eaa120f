import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import { legendOf, times, type Ask, type Scope, type Select, type Where } from './ask';

/** Grafana's data source of dashboards/provisioning/datasources. */
export const influxdb = { type: 'influxdb', uid: 'gsai-perf-influxdb' } as const;

const ofRun = '"script" =~ /^${script:regex}$/ AND "run_id" =~ /^${run:regex}$/';
const scopes: Record<Scope, string> = {
  request: `$timeFilter AND ${ofRun} AND "model" =~ /^\${model:regex}$/ AND "family" =~ /^\${provider:regex}$/ AND "agency" =~ /^\${agency:regex}$/`,
  run: `$timeFilter AND ${ofRun}`,
  all: '$timeFilter',
  pair: '"run_id" =~ /^(${run_a:regex}|${run_b:regex})$/',
};

function condition(where: Where): string {
  if ('is' in where) return `"${where.tag}" = '${where.is}'`;
  if ('not' in where) return `"${where.tag}" != '${where.not}'`;
  return `"${where.tag}" =~ /^${where.begins}/`;
}

/** How a question is put to a measurement: to its samples, or to what was summed up of them. */
export interface Wording {
  from: string;
  /** Conditions besides the question's own. */
  more: readonly string[];
  /** The figures of a selection, each with its name. */
  figures(select: Select, whole: boolean): readonly (readonly [figure: string, as: string])[];
  count: string;
}

const ofSamples = ({ from }: Ask): Wording => ({
  from,
  more: [],
  figures: (select) => [[figure(select), select.as]],
  count: 'count("value")',
});

function figure(select: Select): string {
  switch (select.figure) {
    case 'percentile':
      return `percentile("value", ${select.rank})`;
    case 'perSecond':
      return `sum("value")${times(select.times)} * 1000 / $__interval_ms`;
    case 'drift':
      return `moving_average(${select.of}("value"), 5)`;
    case 'values':
      return `sample("value", ${select.most})`;
    default:
      return `${select.figure}("value")${times(select.times)}`;
  }
}

/** Which samples a question takes; of a pair, `run` takes one of the two. */
export function conditions(
  { scope = 'request', where, scripts }: Pick<Ask, 'scope' | 'where' | 'scripts'>,
  run?: 'run_a' | 'run_b',
  more: readonly string[] = [],
): string {
  return [
    run === undefined ? scopes[scope] : `"run_id" =~ /^\${${run}:regex}$/`,
    ...more,
    ...(where ? [condition(where)] : []),
    ...(scripts ? [`"script" =~ /^(${scripts.join('|')})$/`] : []),
  ].join(' AND ');
}

const list = (parts: readonly string[]) => (parts.length > 0 ? ` GROUP BY ${parts.join(', ')}` : '');

/** B against A, whose figures come from two inner questions: each has one row for each group, so max() is that row. */
function difference(ask: Ask, { from, more, figures }: Wording): string {
  const { select, by = [] } = ask;
  const groups = list(by.map((tag) => `"${tag}"`));
  const inner = (run: 'run_a' | 'run_b') =>
    `(SELECT ${select
      .flatMap((one) => figures(one, true))
      .map(([worded, as]) => `${worded} AS "${run} ${as}"`)
      .join(', ')} FROM "${from}" WHERE ${conditions(ask, run, more)}${groups})`;
  const [a, b] = [(as: string) => `max("run_a ${as}")`, (as: string) => `max("run_b ${as}")`];
  const outer = select.map(({ as }) =>
    ask.difference === 'share' ? `${b(as)} / ${a(as)} - 1 AS "${as}"` : `${b(as)} - ${a(as)} AS "${as}"`,
  );
  return `SELECT ${outer.join(', ')} FROM ${inner('run_a')}, ${inner('run_b')}${groups}`;
}

/** InfluxQL of a question, with Grafana's variables in it. */
export function influxql(ask: Ask, wording = ofSamples(ask)): string {
  if (ask.difference !== undefined) return difference(ask, wording);
  const { select, by = [], whole = false } = ask;
  const { from, count } = wording;
  const figures =
    ask.line === undefined
      ? select.flatMap((one) => wording.figures(one, whole)).map(([worded, as]) => `${worded} AS "${as}"`)
      : [`${count} * 0 + ${ask.line} AS "limit"`];
  const groups = list([...(whole ? [] : ['time($__interval)']), ...by.map((tag) => `"${tag}"`)]);
  const asked = (more: readonly string[] = []) =>
    `SELECT ${[...figures, ...more].join(', ')} FROM "${from}" WHERE ${conditions(ask, undefined, wording.more)}${groups}${whole ? '' : ' fill(none)'}`;
  if (ask.least === undefined) return asked();
  const names = select.map(({ as }) => `"${as}"`).join(', ');
  return `SELECT ${names} FROM (${asked([`${count} AS "n"`])}) WHERE "n" >= ${ask.least}${list(by.map((tag) => `"${tag}"`))}`;
}

/** A query of Grafana's InfluxDB data source in InfluxQL: the Foundation SDK has no class for it. */
export class InfluxQuery implements Builder<Dataquery> {
  private readonly target: {
    refId: string;
    datasource: typeof influxdb;
    rawQuery: true;
    query: string;
    resultFormat: 'time_series' | 'table';
    alias?: string;
  };

  constructor(refId: string, query: string, { table = false, alias }: { table?: boolean; alias?: string } = {}) {
    this.target = {
      refId,
      datasource: influxdb,
      rawQuery: true,
      query,
      resultFormat: table ? 'table' : 'time_series',
      ...(alias === undefined ? {} : { alias }),
    };
  }

  static of(refId: string, ask: Ask, query = influxql(ask)): InfluxQuery {
    return new InfluxQuery(refId, query, { table: ask.table, alias: ask.table ? undefined : legendOf(ask) });
  }

  build(): Dataquery {
    return { ...this.target, _implementsDataqueryVariant() {} } as Dataquery;
  }
}
