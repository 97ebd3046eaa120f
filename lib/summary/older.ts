import type { RunRecord } from './run-record';

/*
 * Records of runs that were made before the schema had its present number are still read.
 */

/** What schema 1 said of an objective: met, missed, or (null) too little evidence. */
interface Objective1 {
  ok: boolean | null;
  reason: string;
}

/** What schema 1 called a finding is its id now, in small letters and with hyphens. */
interface Finding1 {
  name: string;
}
const idOf = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** A record of schema 1 or 2 as one of schema 2; undefined where it is neither. */
export function ofThisSchema(record: { schema?: unknown } | null): Partial<RunRecord> | undefined {
  if (record === null || typeof record !== 'object') return undefined;
  if (record.schema === 2) return record as Partial<RunRecord>;
  if (record.schema !== 1) return undefined;
  const { objectives, findings, ...rest } = record as { schema: 1; objectives?: Objective1[]; findings?: Finding1[] };
  return {
    ...rest,
    schema: 2,
    findings: findings?.map(({ name, ...finding }) => ({
      ...(finding as unknown as RunRecord['findings'][number]),
      id: idOf(name),
    })),
    objectives: objectives?.map(({ ok, ...objective }) => ({
      ...(objective as unknown as RunRecord['objectives'][number]),
      state: ok === null ? ('too few' as const) : ok ? ('ok' as const) : ('missed' as const),
    })),
  };
}
