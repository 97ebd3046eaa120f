import type { MetricReport } from '../../../lib/measurements';
import type { Tags } from '../../../lib/metrics';
import { ofValues, type Batches, type Observations } from '../../../lib/statistics';
import type { RunRecord } from '../../../lib/summary';
import { ToolError } from '../../programs/process';
import { requestLines, requestsFile } from '../shared/requests';

/*
 * Where a run has a file of all its requests, its quantiles need no histogram, which knows a value to 0.25 %.
 */

/** Metrics that stand in a request's line as they are. */
const fields = { llm_ttft: 'ttft_ms', llm_e2e: 'e2e_ms', llm_ttfb: 'first_byte_ms' } as const;
type Known = keyof typeof fields;

/** Whether a metric stands in a request's line. */
export const isSingle = (metric: string): metric is Known => Object.hasOwn(fields, metric);

/** The values of one set of tags, by metric. */
type Values = Record<Known, number[]>;

export interface Exact {
  /** Whether the file has exactly as many values as these rows, of a metric that stands in it. */
  fits(metric: string, rows: readonly MetricReport[]): boolean;
  /** The values of rows that fit. */
  observed(metric: string, rows: readonly MetricReport[], batches?: Batches): Observations;
}

const keyOf = (tags: Tags): string => JSON.stringify(Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1)));

/**
 * The single values of a run; undefined without a file of all requests. A string says why such a file is not used.
 */
export function exactOf(recordFile: string, run: RunRecord): Exact | string | undefined {
  const file = requestsFile(recordFile, run);
  if (file === undefined || run.requests?.which !== 'all') return undefined;
  const { left_out, kept, error } = run.requests;
  if (left_out > 0 || error !== undefined) return `${file} does not have all requests of the run`;
  const sets = new Map<string, Values>();
  let n = 0;
  try {
    for (const entry of requestLines(file)) {
      n++;
      const key = keyOf({ ...entry.tags, outcome: entry.outcome });
      let values = sets.get(key);
      if (values === undefined) sets.set(key, (values = { llm_ttft: [], llm_e2e: [], llm_ttfb: [] }));
      for (const [metric, field] of Object.entries(fields) as [Known, (typeof fields)[Known]][]) {
        const value = entry[field];
        if (value !== undefined) values[metric].push(value);
      }
    }
  } catch (failure) {
    if (failure instanceof ToolError) return failure.message;
    throw failure;
  }
  if (n !== kept) return `${file} has ${n} requests, and run.json says ${kept}`;
  const valuesOf = (metric: string, { tags }: MetricReport) => sets.get(keyOf(tags))?.[metric as Known] ?? [];
  return {
    fits: (metric, rows) => isSingle(metric) && rows.every((row) => valuesOf(metric, row).length === row.count),
    observed: (metric, rows, batches) => ({ ...ofValues(rows.flatMap((row) => valuesOf(metric, row))), batches }),
  };
}
