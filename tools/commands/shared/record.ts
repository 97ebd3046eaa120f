import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ofThisSchema, type RunRecord } from '../../../lib/summary';
import { ToolError } from '../../programs/process';
import { printable } from '../../programs/printable';
import { unfit } from './validate';

/** Reads a run's record: `run` is its folder, or run.json itself. Throws {@link ToolError} in words. */
export function readRecord(run: string): { file: string; record: RunRecord } {
  const file = statSync(run, { throwIfNoEntry: false })?.isDirectory() ? join(run, 'run.json') : run;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ToolError(
      `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}. Give the folder of a run, such as results/20261124T060435-310-baseline`,
    );
  }
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw new ToolError(
      text.trim() === ''
        ? `${file} is empty: the run did not end, or the disk was full`
        : `${file} is no JSON: ${(error as Error).message}. It was cut off, or is another file`,
    );
  }
  const wrong = unfit(record);
  if (wrong) throw new ToolError(`${file} ${wrong}`);
  // Whoever wrote it: what is shown of it is text, and no order to a terminal.
  return { file, record: ofThisSchema(printable(record) as { schema?: unknown }) as RunRecord };
}
