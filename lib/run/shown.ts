import { clean } from 'k6/x/sse';
import type { RunRecord } from '../summary';

/** A value with all texts in it cleaned: without secrets and control characters, each in one line. */
export function shown<T>(value: T): T {
  if (typeof value === 'string') return clean(value) as T;
  if (Array.isArray(value)) return value.map((item) => shown(item) as unknown) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, shown(item as unknown)])) as T;
}

/**
 * A record whose sentences may be shown. What the extension hands out of answers is clean already; sentences also quote
 * what scripts read (the provider's record, pages, parameters).
 */
export function shownRecord(record: RunRecord): RunRecord {
  const { reasons, objectives, findings, notes, resources, environment, outputs, failures, merged_from } = record;
  return {
    ...record,
    reasons: shown(reasons),
    objectives: shown(objectives),
    findings: shown(findings),
    notes: shown(notes),
    resources: shown(resources),
    environment: shown(environment),
    outputs: shown(outputs),
    failures: shown(failures),
    merged_from: shown(merged_from),
  };
}
