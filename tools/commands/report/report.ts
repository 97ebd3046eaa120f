import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { readRecord } from '../shared/record';
import { formats, type FormatName } from './formats';

const names = Object.keys(formats) as FormatName[];

/** The one that is made of the run's file of single requests, not of its record. */
const parquet = 'parquet';

const help = `npm run report -- results/<run> [more runs] [--format ${[...names, parquet].join('|')}] [--stdout]

Makes a report of a run anew, from its run.json, and writes it beside that. --stdout writes it to the terminal instead.
Without --format it is the page that the run wrote: it needs nothing else, and can be read, sent or kept.

${names.map((name) => `  ${name.padEnd(18)}${formats[name].file.padEnd(24)}${formats[name].says}`).join('\n')}
  ${parquet.padEnd(18)}${'requests.parquet'.padEnd(24)}single requests (REQUESTS=all, sample or failed), a column for each field and tag`;

const isFormat = (name: string): name is FormatName => Object.hasOwn(formats, name);

/**
 * Writes a report of a run (a folder or its run.json) beside its run.json, and returns its path. Throws {@link
 * ToolError}.
 */
export function writeReport(run: string, format: FormatName = 'html'): string {
  const { file, record } = readRecord(run);
  const { file: name, make } = formats[format];
  const path = join(dirname(file), name);
  const text = make(record);
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new ToolError(`${path} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
  }
  return path;
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { format: { type: 'string', default: 'html' }, stdout: { type: 'boolean', default: false } },
    });
  } catch (error) {
    throw new ToolError(`${(error as Error).message.replace(/\. .*/s, '')}; see --help`);
  }
}

/** The library that writes Parquet is an ES module, which Node takes into ours from 20.19 on. */
async function parquetWriter(): Promise<(run: string) => string> {
  try {
    return (await import('./parquet')).writeParquet;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_REQUIRE_ESM') throw error;
    throw new ToolError(`--format parquet needs Node 20.19 or newer, and this is ${process.version}`);
  }
}

/** The command. Throws {@link ToolError}. */
export async function main(
  args: string[],
  out: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<number> {
  const {
    positionals,
    values: { format, stdout },
  } = readArguments(args);
  if (format !== parquet && !isFormat(format))
    throw new ToolError(`--format is "${format}", but must be one of ${[...names, parquet].join(', ')}`);
  if (positionals.length === 0)
    throw new ToolError('no run is named: give the folder of a run, such as results/20261124T060435-310-baseline');
  if (format === parquet) {
    if (stdout) throw new ToolError('--stdout is for text: --format parquet writes requests.parquet beside run.json');
    const write = await parquetWriter();
    for (const run of positionals) out(`${write(run)}\n`);
    return 0;
  }
  for (const run of positionals)
    out(stdout ? formats[format].make(readRecord(run).record) : `${writeReport(run, format)}\n`);
  return 0;
}

if (require.main === module) void runCommand(help, main, true);
