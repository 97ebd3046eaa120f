import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ofThisSchema } from '../../../lib/summary';
import type { RunRecord } from '../../../lib/summary';
import { ToolError } from '../../programs/process';

/** Reads a run's record: `run` is its folder, or run.json itself. Throws {@link ToolError} in words. */
export function readRecord(run: string): { file: string; record: RunRecord } {
  const file = statSync(run, { throwIfNoEntry: false })?.isDirectory() ? join(run, 'run.json') : run;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ToolError(
      `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}. Give the folder of a run, as results/20261124T060435-310-baseline`,
    );
  }
  let record: Partial<RunRecord>;
  try {
    record = JSON.parse(text) as Partial<RunRecord>;
  } catch (error) {
    throw new ToolError(`${file} is no JSON: ${(error as Error).message}`);
  }
  const known = ofThisSchema(record);
  if (known?.verdict === undefined) throw new ToolError(`${file} is no run.json of schema 1 or 2`);
  return { file, record: known as RunRecord };
}
