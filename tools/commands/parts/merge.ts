import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildK6, bundle } from '../../build/build';
import { runCommand } from '../../programs/command';
import { run, ToolError } from '../../programs/process';
import { readRecord } from '../shared/record';

const help = `npm run merge -- results/<part>/run.json results/<part>/run.json ... [-e NAME=value]

Adds up the runs of one load that k6 was given in parts (--execution-segment; npm run segments, k6-operator), and judges the
whole once. The parts are folders of runs, their run.json, or one folder that holds them all. Writes one run with run.json and
junit.xml to results/, as any run does, and prints its table. Exit code: 0 PASS, 99 FAIL, 110 INVALID.

A part that is missing, died, was late, or had another commit, parameters or clock makes the verdict INVALID and is named.

  -e OUT=folder, -e OBJECTIVES=file.json, -e PRICES=file.json   other than the parts had`;

/** The run.json of each path: of a run's folder, of all runs in a folder, or the path itself. */
export function recordsOf(paths: readonly string[]): string[] {
  return paths.flatMap((path) => {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
    if (existsSync(join(path, 'run.json'))) return join(path, 'run.json');
    const runs = readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => join(path, name, 'run.json'));
    if (runs.length === 0) throw new ToolError(`${path} holds no run`);
    return runs.sort();
  });
}

/**
 * What is no record of a run is refused before anything of it is used. A part that is not there is the merged run's to
 * tell: it is INVALID then, and names it.
 */
function refuseDamaged(file: string): void {
  if (existsSync(file)) readRecord(file);
}

/** The script that made the parts. Throws {@link ToolError} where no part can be read. */
function scriptOf(files: readonly string[]): string {
  for (const file of files) {
    try {
      const { script } = JSON.parse(readFileSync(file, 'utf8')) as { script?: unknown };
      if (typeof script === 'string' && /^[\w-]+$/.test(script)) return script;
    } catch {
      // what is wrong with a file is told by the script itself, unless no file can be read
    }
  }
  throw new ToolError(`none of ${files.join(', ')} is a run.json that can be read`);
}

/** k6 with the extension, and the scripts: built in a checkout, and there in an archive. */
export async function k6Ready(): Promise<string> {
  if (!existsSync('package.json')) return './k6';
  await buildK6();
  await bundle();
  return 'bin/k6';
}

/** Has the script itself add up and judge its parts. Returns k6's exit code. */
export async function mergeRuns(paths: readonly string[], given: readonly string[] = []): Promise<number> {
  const files = recordsOf(paths);
  const comma = files.find((file) => file.includes(','));
  if (comma !== undefined) throw new ToolError(`${comma} has a comma in its name, which separates parts: rename it`);
  for (const file of files) refuseDamaged(file);
  const k6 = await k6Ready();
  const script = `dist/${scriptOf(files)}.js`;
  if (!existsSync(script)) throw new ToolError(`there is no ${script}, which made the parts`);
  return run(k6, ['run', '--quiet', '--address', '127.0.0.1:0', script, '-e', `MERGE=${files.join(',')}`, ...given], {
    env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_NO_USAGE_REPORT: 'true' },
  });
}

async function main(args: string[]): Promise<number> {
  const paths: string[] = [];
  const given: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '-e') {
      const value = args[++i];
      if (!value || !/^(OUT|OBJECTIVES|PRICES)=./.test(value))
        throw new ToolError(`-e ${value ?? ''}: only OUT, OBJECTIVES and PRICES can be given anew; see --help`);
      given.push('-e', value);
    } else if (args[i]!.startsWith('-')) throw new ToolError(`${args[i]} is no option of merge; see --help`);
    else paths.push(args[i]!);
  }
  return mergeRuns(paths, given);
}

if (require.main === module) void runCommand(help, main, true);
