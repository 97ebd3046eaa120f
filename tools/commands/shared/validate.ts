import Ajv, { type ValidateFunction } from 'ajv';
import type { Histogram } from 'k6/x/sse';
import type { MetricReport } from '../../../lib/measurements';
import type { RunRecord } from '../../../lib/summary';
import schema2 from '../../../lib/summary/run.schema.json';
import schema1 from './run.schema.1.json';

/** Schemas of run.json that the tools read: today's, and those before it, kept as they were. */
const schemas: Readonly<Record<number, object>> = { 1: schema1, 2: schema2 };
const compiled = new Map<number, ValidateFunction>();

function validator(schema: number): ValidateFunction | undefined {
  const wanted = schemas[schema];
  if (wanted === undefined) return undefined;
  const known = compiled.get(schema) ?? new Ajv({ strict: false }).compile(wanted);
  compiled.set(schema, known);
  return known;
}

/**
 * Why a value that was read from a file is no run record that can be relied on, as the end of a sentence about the file;
 * '' when it is one.
 */
export function unfit(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'is no run.json: it holds no object';
  const { schema } = value as { schema?: unknown };
  if (schema === undefined || !('run_id' in value)) return 'is no run.json: it has no "schema" and "run_id"';
  const known = Object.keys(schemas).join(' and ');
  const check = typeof schema === 'number' ? validator(schema) : undefined;
  if (!check)
    return `is a run.json of schema ${JSON.stringify(schema)?.slice(0, 40)}, and this version reads ${known}: use the version that wrote it`;
  if (!check(value)) {
    const { instancePath, message } = check.errors![0]!;
    return `does not follow schema ${schema} of run.json (${instancePath.slice(1).replaceAll('/', '.') || 'as a whole'} ${message}): it is damaged, or another version wrote it`;
  }
  const damage = contradiction(value as RunRecord);
  return damage && `is damaged: ${damage}`;
}

/** What in a record contradicts itself; '' when nothing does. */
function contradiction({ counts, metrics }: RunRecord): string {
  const { started, finished, failed, interrupted } = counts;
  if (started < finished + failed + interrupted)
    return `${started} requests were started and ${finished + failed + interrupted} ended`;
  for (const [metric, reports] of Object.entries(metrics))
    for (const [i, report] of (reports as MetricReport[]).entries()) {
      const wrong = report.histogram && unsound(report.histogram, report);
      if (wrong) return `${metric}, row ${i + 1}: ${wrong}`;
    }
  return '';
}

function unsound(h: Histogram, { count, batches }: MetricReport): string {
  if (h.count !== count) return `the histogram holds ${h.count} values and the row ${count}`;
  if (h.buckets.length % 2 !== 0 || !(h.gamma > 1)) return 'the histogram has no buckets that can be read';
  let held = h.zero;
  for (let i = 0; i < h.buckets.length; i += 2) {
    held += h.buckets[i + 1]!;
    if (h.buckets[i + 1]! < 0 || (i > 0 && h.buckets[i]! <= h.buckets[i - 2]!))
      return 'the buckets of the histogram are not in order';
  }
  if (h.buckets.length > 0 && held !== h.count) return `the buckets hold ${held} values and the count is ${h.count}`;
  if (!batches) return '';
  const { count: counts, sum, below, buckets } = batches;
  const total = counts.reduce((all, each) => all + each, 0);
  const lengths = [sum, buckets, ...Object.values(below)].every((each) => each.length === counts.length);
  if (!lengths || !(batches.width > 0)) return 'the stretches of time do not have as many figures each';
  return total > h.count ? `the stretches of time hold ${total} values and the count is ${h.count}` : '';
}
