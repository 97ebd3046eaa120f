import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { readRecord } from '../shared/record';
import { reportPage } from './page';

const help = `npm run report -- results/<run> [more runs]

Writes results/<run>/report.html from run.json: one page without scripts that needs nothing else, to be read, sent or kept.`;

/**
 * Writes a run's report beside its run.json (a folder or the file itself) and returns its path. Throws {@link
 * ToolError}.
 */
export function writeReport(run: string): string {
  const { file, record } = readRecord(run);
  const path = join(dirname(file), 'report.html');
  try {
    writeFileSync(path, reportPage(record));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new ToolError(
      code === undefined
        ? `${file} does not follow the schema of run.json: ${(error as Error).message}`
        : `${path} cannot be written: ${code}`,
    );
  }
  return path;
}

function main(runs: readonly string[]): number {
  for (const run of runs) process.stdout.write(`${writeReport(run)}\n`);
  return 0;
}

if (require.main === module) void runCommand(help, main, true);
