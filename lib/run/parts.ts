import exec from 'k6/execution';
import type { Snapshot } from 'k6/x/sse';
import { ParameterError, readParameters, type Parameters } from '../config';
import type { PartRecord } from '../parts';
import type { PartReport, RunRecord } from '../summary';
import { openFromHere } from './files';
import { segmentOf } from './run-id';
import type { Preflight } from './preflight';

/*
 * A load in parts: this run may be one of them (k6's --execution-segment), or it only adds up those that were made
 * (MERGE, for npm run merge).
 */

/** What the parts recorded, and what is to be said of those that cannot be read. */
export interface Parts {
  records: readonly PartRecord[];
  doubts: readonly string[];
}

/** The parts that MERGE names; undefined when this run is to load. Throws {@link ParameterError}. */
export function readParts(): Parts | undefined {
  const files = __ENV.MERGE?.split(',').filter((file) => file !== '');
  if (!files || files.length === 0) return undefined;
  const records: PartRecord[] = [];
  const doubts: string[] = [];
  for (const file of files) {
    let text: string;
    try {
      text = openFromHere(file);
    } catch {
      doubts.push(`${file} cannot be read: its runner died before it could write, or the file was not copied here`);
      continue;
    }
    records.push(partOf(text, file));
  }
  if (records.length === 0) throw new ParameterError(`MERGE is wrong: ${doubts.join('; ')}`);
  return { records, doubts };
}

function partOf(text: string, file: string): PartRecord {
  let record: Partial<RunRecord>;
  try {
    record = JSON.parse(text) as Partial<RunRecord>;
  } catch (error) {
    throw new ParameterError(`MERGE is wrong: ${file} is not JSON (${String(error)})`);
  }
  if (record.schema !== 2) throw new ParameterError(`MERGE is wrong: ${file} is no run.json of schema 2`);
  if (record.part === undefined)
    throw new ParameterError(
      `MERGE is wrong: ${file} is a whole run, not a part of one: only runs with --execution-segment can be added up (npm run segments)`,
    );
  return record as PartRecord;
}

/** The parameters that the parts had; where results go and what to judge by may be given anew. */
export function parametersOf({ records }: Parts): Parameters {
  const recorded = records[0]!.environment.parameters as unknown as Partial<Parameters>;
  // Records of older versions do not have every parameter.
  const usual = readParameters({}, () => '');
  return {
    ...usual,
    ...recorded,
    apiKeys: [],
    credentials: undefined,
    tls: usual.tls,
    out: __ENV.OUT ?? recorded.out ?? usual.out,
    objectives: __ENV.OBJECTIVES ?? recorded.objectives,
    prices: __ENV.PRICES ?? recorded.prices,
    calibration: 'none',
  };
}

/** What this run leaves for a merge; undefined when it is no part of a load. */
export function partReport(ready: Preflight, snapshot: Snapshot, doubts: readonly string[]): PartReport | undefined {
  const segment = segmentOf();
  if (segment === undefined) return undefined;
  const { executionSegmentSequence } = exec.test.options as { executionSegmentSequence?: string | null };
  return {
    segment,
    sequence: executionSegmentSequence ? executionSegmentSequence.split(',') : [],
    clock: ready.clock,
    refused: ready.refused,
    doubts: [...doubts],
    snapshot,
  };
}
