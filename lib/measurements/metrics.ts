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

interface Sum {
  tags: Tags;
  histogram: Histogram;
}

/** Adds what agrees in these tags, in the order of the first of each; a tag that is not there agrees with none that is. */
function sumsBy(names: readonly string[], rows: readonly Sum[]): Sum[] {
  const sums = new Map<string, { tags: Tags; parts: Histogram[] }>();
  for (const row of rows) {
    const found = names.filter((tag) => row.tags[tag] !== undefined);
    const tags = Object.fromEntries(found.map((tag) => [tag, row.tags[tag]!]));
    const key = JSON.stringify(tags);
    const known = sums.get(key) ?? { tags, parts: [] };
    known.parts.push(row.histogram);
    sums.set(key, known);
  }
  return [...sums.values()].map(({ tags, parts }) => ({ tags, histogram: merge(parts) }));
}

/** Every metric that has values, under each of its tag sets, and under fewer tags. */
export function metricReports(snapshot: Snapshot): MetricReports {
  const reports: MetricReports = {};
  for (const name of Object.keys(metrics) as MetricName[]) {
    const rows = snapshot.rows.filter((row) => row.metric === name && row.histogram.count > 0);
    if (rows.length === 0) continue;
    // Rows of one phase and kind are added once, and their sum goes into each of the larger sums.
    const finest = sumsBy(['phase', 'kind'], rows);
    const report = (tags: Tags, h: Histogram): MetricReport => ({ tags, ...stats(h), sum: h.sum });
    reports[name] = [
      ...rollUps.flatMap((names) =>
        sumsBy(
          names,
          finest.filter(({ tags }) => names.every((tag) => tags[tag] !== undefined)),
        ).map(({ tags, histogram }) => report(tags, histogram)),
      ),
      ...rows.map((row) => ({ ...report(row.tags, row.histogram), histogram: row.histogram, batches: row.batches })),
    ];
  }
  return reports;
}
