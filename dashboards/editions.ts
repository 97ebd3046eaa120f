import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { AnnotationQuery, DataTransformerConfig } from '@grafana/grafana-foundation-sdk/dashboard';
import { aggregated } from './aggregates';
import { kindOf, unitOf, type Ask, type Measurement } from './ask';
import { conditions, influxdb, InfluxQuery } from './influxql';
import { figuresOf, prometheus, promQueries, seriesName } from './promql';

/** A mark on the charts: where a phase begins, and the verdict. */
export type AnnotationOf = 'phase' | 'verdict';

/** The same dashboards for another database. */
export interface Edition {
  /** Folder within dashboards/json: '' or a name. */
  folder: string;
  /** What uids begin with, and the tag by which the dashboards of one edition find each other. */
  tag: string;
  /** What is added to a title. */
  titled: string;
  /** What is added to each page's text. */
  note?: string;
  datasource: { type: string; uid: string };
  /** Histograms are kept, and no single values. */
  histograms: boolean;
  /** How far the page of two runs looks back, as the database needs it. */
  pairFrom: string;
  queries(asks: readonly Ask[]): Builder<Dataquery>[];
  unitOf(metric: Measurement): string;
  /** What makes one table of the answers to a table's questions. */
  columns(asks: readonly Ask[]): DataTransformerConfig[];
  /** The question that lists a tag's values, narrowed by the variable `script`, by `run`, or by `not run_a`. */
  values(tag: string, narrowed?: string): string;
  annotation(name: string, of: AnnotationOf): { target: Builder<Dataquery>; more: Partial<AnnotationQuery> & object };
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function references(): () => string {
  let used = 0;
  return () => letters[used++]!;
}

const narrowedInflux: Record<string, string> = {
  script: ' WHERE "script" =~ /^${script:regex}$/',
  run: ' WHERE "run_id" =~ /^${run:regex}$/',
  'not run_a': ' WHERE "run_id" !~ /^${run_a:regex}$/',
};

const ofRunInflux = conditions({ scope: 'run' });

/** A phase begins where its first request was started. */
const phasesInflux = `SELECT "first", "phase" FROM (SELECT first("value") FROM "llm_started" WHERE ${ofRunInflux} GROUP BY "phase")`;
const verdictInflux = `SELECT "value", "verdict" FROM "llm_verdict" WHERE ${ofRunInflux}`;

export const influxEdition: Edition = {
  folder: '',
  tag: 'gsai-perf',
  titled: '',
  datasource: influxdb,
  histograms: false,
  pairFrom: 'now-15m',
  queries(asks) {
    const refs = references();
    // Each question is put to the samples and, where aggregates stand elsewhere (INFLUX=aggregate), to those.
    return asks.flatMap((ask) => {
      const other = aggregated(ask);
      return [InfluxQuery.of(refs(), ask), ...(other === undefined ? [] : [InfluxQuery.of(refs(), ask, other)])];
    });
  },
  unitOf,
  columns: () => [{ id: 'merge', options: {} }], // of its two queries one has no answer
  values: (tag, narrowed) =>
    `SHOW TAG VALUES FROM "llm_started" WITH KEY = "${tag}"${narrowed === undefined ? '' : narrowedInflux[narrowed]!}`,
  annotation(name, of) {
    const query = of === 'phase' ? phasesInflux : verdictInflux;
    // What Grafana's InfluxDB data source takes of an annotation besides the SDK's fields.
    return { target: new InfluxQuery(name, query, { table: true }), more: { query, textColumn: of } as object };
  },
};

const narrowedProm: Record<string, string> = {
  script: '{script=~"$script"}',
  run: '{run_id=~"$run"}',
  'not run_a': '{run_id!~"$run_a"}',
};

export const prometheusEdition: Edition = {
  folder: 'prometheus',
  tag: 'gsai-perf-prometheus',
  titled: ' (Prometheus)',
  note: 'For runs with --out experimental-prometheus-rw and K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM=true; percentiles are exact to some per cent. Rates leave out what the first write of a series brings.',
  datasource: prometheus,
  histograms: true,
  pairFrom: 'now-24h',
  queries(asks) {
    const refs = references();
    return asks.flatMap((ask) => promQueries(ask, refs));
  },
  unitOf: (metric) => (kindOf(metric).time ? 's' : unitOf(metric)),
  columns(asks) {
    const names = asks.flatMap(figuresOf).map(({ as }) => as);
    const refs = references();
    const heads = names.map((as) => [names.length === 1 ? 'Value' : `Value #${refs()}`, as]);
    return [
      { id: 'merge', options: {} },
      { id: 'organize', options: { excludeByName: { Time: true }, renameByName: Object.fromEntries(heads) as object } },
    ];
  },
  values: (tag, narrowed) =>
    `label_values(${seriesName('llm_started')}${narrowed === undefined ? '' : narrowedProm[narrowed]!}, ${tag})`,
  annotation(name, of) {
    const expr = of === 'phase' ? phasesProm : verdictProm;
    return { target: annotationQuery(name, expr), more: { expr, titleFormat: `{{${of}}}`, step: '1s' } as object };
  },
};

/** A phase lasts as long as k6 writes that requests were started in it: while the newest sample is a few seconds old. */
const phasesProm = `count by (phase) (time() - timestamp(${seriesName('llm_started')}{script=~"$script",run_id=~"$run"}) < 3)`;

/** A run's verdict is one sample, which Prometheus shows for five minutes after it came. */
const verdictProm = `max by (verdict) (${seriesName('llm_verdict')}{script=~"$script",run_id=~"$run"})`;

function annotationQuery(refId: string, expr: string): Builder<Dataquery> {
  return {
    build: () => ({ refId, datasource: prometheus, expr, range: true, _implementsDataqueryVariant() {} }) as Dataquery,
  };
}

export const editions: readonly Edition[] = [influxEdition, prometheusEdition];
