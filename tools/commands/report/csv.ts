import { metrics, type MetricName } from '../../../lib/metrics';
import type { RunRecord } from '../../../lib/summary';

/**
 * A cell of CSV (RFC 4180). A text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV
 * injection); numbers stay numbers.
 */
export function csvCell(value: string | number | null | undefined): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  const safe = /^[\s]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value;
  return /[",\r\n;]/.test(safe) || safe !== safe.trim() ? `"${safe.replace(/"/g, '""')}"` : safe;
}

const figures = ['count', 'sum', 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'] as const;

/** Every metric under each of its tag sets, a line each; first the objectives, as metrics of their own. */
export function csv(run: RunRecord): string {
  const tags = [
    ...new Set(Object.values(run.metrics).flatMap((rows) => rows.flatMap((row) => Object.keys(row.tags)))),
  ].sort();
  const head = ['run_id', 'metric', 'unit', ...tags, ...figures];
  const rows = (Object.keys(run.metrics) as MetricName[]).flatMap((name) =>
    run.metrics[name]!.map((row) => [
      run.run_id,
      name,
      metrics[name]?.unit ?? '',
      ...tags.map((tag) => row.tags[tag] ?? ''),
      ...figures.map((key) => row[key]),
    ]),
  );
  return [head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n';
}
