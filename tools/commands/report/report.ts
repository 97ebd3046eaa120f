import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { reportPage } from '../../../lib/report';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { readRecord } from '../shared/record';

const help = `npm run report -- results/<run> [more runs]

Writes results/<run>/report.html from run.json, as the run itself did: one page that needs nothing else, to be read, sent or kept.`;

/** The page without content; made where it is missing. An archive's tool has it inside. */
function template(): string {
  try {
    return readFileSync(join(__dirname, '../../../dist/report-page.html'), 'utf8');
  } catch {
    execFileSync(process.execPath, ['esbuild.config.mjs'], { stdio: 'inherit' });
    return readFileSync('dist/report-page.html', 'utf8');
  }
}

/**
 * Writes a run's report beside its run.json (a folder or the file itself) and returns its path. Throws {@link
 * ToolError}.
 */
export function writeReport(run: string): string {
  const { file, record } = readRecord(run);
  const path = join(dirname(file), 'report.html');
  const page = reportPage(record, template());
  try {
    writeFileSync(path, page);
  } catch (error) {
    throw new ToolError(`${path} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
  }
  return path;
}

function main(runs: readonly string[]): number {
  for (const run of runs) process.stdout.write(`${writeReport(run)}\n`);
  return 0;
}

if (require.main === module) void runCommand(help, main, true);
