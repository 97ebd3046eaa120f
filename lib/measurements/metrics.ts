import type { Batches, Histogram, Row, Snapshot } from 'k6/x/sse';
import { carries, metrics, type MetricName, type Tags } from '../metrics';
import { merge } from '../statistics';
import { stats, type Stats } from './stats';

/** A metric under one tag set. The histogram stands with the full tag sets only: the others are sums of them. */
export interface MetricReport extends Stats {
  tags: Tags;
  /** Rates and counters: the sum of the values. */
  sum: number;
  histogram?: Histogram;
  /** Beside the histogram: the same values in stretches of time. Absent where none of them had a time. */
  batches?: Batches;
}

/** All of a metric's values under `tags`, in one histogram. */
export function gather(rows: readonly Row[], metric: string, tags: Tags): Histogram {
  return merge(rows.filter((row) => row.metric === metric && carries(row.tags, tags)).map((row) => row.histogram));
}

export type MetricReports = Partial<Record<MetricName, MetricReport[]>>;

/** Sums under fewer tags, so that a reader finds the whole and its parts without adding up. */
const rollUps: readonly (readonly string[])[] = [[], ['phase'], ['kind'], ['phase', 'kind']];

/** Every metric that has values, under each of its tag sets, and under fewer tags. */
export function metricReports(snapshot: Snapshot): MetricReports {
  const reports: MetricReports = {};
  for (const name of Object.keys(metrics) as MetricName[]) {
    const rows = snapshot.rows.filter((row) => row.metric === name && row.histogram.count > 0);
    if (rows.length === 0) continue;
    const sums = new Map<string, { tags: Tags; parts: Histogram[] }>();
    for (const names of rollUps) {
      for (const row of rows) {
        if (names.some((tag) => row.tags[tag] === undefined)) continue;
        const tags = Object.fromEntries(names.map((tag) => [tag, row.tags[tag]!]));
        const key = JSON.stringify(tags);
        const known = sums.get(key) ?? { tags, parts: [] };
        known.parts.push(row.histogram);
        sums.set(key, known);
      }
    }
    const report = (tags: Tags, h: Histogram): MetricReport => ({ tags, ...stats(h), sum: h.sum });
    reports[name] = [
      ...[...sums.values()].map(({ tags, parts }) => report(tags, merge(parts))),
      ...rows.map((row) => ({ ...report(row.tags, row.histogram), histogram: row.histogram, batches: row.batches })),
    ];
  }
  return reports;
}
