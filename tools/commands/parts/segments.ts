import { createWriteStream, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { k6Ready, mergeRuns } from './merge';

const help = `npm run segments -- --of 4 SCRIPT [-e NAME=value ...]
npm run segments -- --of 4 --print SCRIPT [-e NAME=value ...]

Runs one load as several k6 processes on this machine, each with its part of the arrivals, then adds them up and judges the
whole once (npm run merge). Exit code: 0 PASS, 99 FAIL, 110 INVALID. The parts stay in results/parts-<time>/.

--print prints the command for each of several machines instead. Start them at the same time (at most 2 s apart). Then copy the
folders that they write here, and give them to npm run merge.

The load begins 10 s after the runners, so that it begins at once in all, however long the target took to be tried by each;
-e START_AFTER=30s makes it later.

  --of N     parts, from 2 to 64
  SCRIPT     such as spike`;

/** The target is tried by each runner, and may take its time to answer: their loads begin together all the same. */
const startAfter = '10s';

export interface Asked {
  of: number;
  print: boolean;
  script: string;
  /** -e words as they were given. */
  given: string[];
}

/** Reads the command line. Throws {@link ToolError}. */
export function parse(args: readonly string[]): Asked {
  const asked: Asked = { of: 0, print: false, script: '', given: [] };
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    if (word === '--print') asked.print = true;
    else if (word === '--of') asked.of = Number(args[++i]);
    else if (word === '-e') {
      const value = args[++i];
      if (!value || !/^\w+=/.test(value)) throw new ToolError(`-e ${value ?? ''} is not NAME=value`);
      asked.given.push('-e', value);
    } else if (word.startsWith('-')) throw new ToolError(`${word} is no option of segments; see --help`);
    else if (asked.script) throw new ToolError(`two scripts were given, ${asked.script} and ${word}`);
    else asked.script = word.replace(/^dist\//, '').replace(/\.js$/, '');
  }
  if (!Number.isInteger(asked.of) || asked.of < 2 || asked.of > 64)
    throw new ToolError('--of must be a whole number from 2 to 64: the number of parts');
  if (!asked.script) throw new ToolError('no script is named: give one, such as spike; see --help');
  if (!asked.given.some((word) => word.startsWith('START_AFTER='))) asked.given.push('-e', `START_AFTER=${startAfter}`);
  return asked;
}

/** k6's words for each of so many equal parts. */
export function segmentFlags(of: number): string[][] {
  const edge = (i: number) => (i === 0 ? '0' : i === of ? '1' : `${i}/${of}`);
  const sequence = Array.from({ length: of + 1 }, (_, i) => edge(i)).join(',');
  return Array.from({ length: of }, (_, i) => [
    '--execution-segment',
    `${edge(i)}:${edge(i + 1)}`,
    '--execution-segment-sequence',
    sequence,
  ]);
}

const quoted = (word: string) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** The command of each runner, for machines with the project or an archive. */
export const commands = ({ of, script, given }: Asked, k6: string): string[] =>
  segmentFlags(of).map((flags) => [k6, 'run', ...flags, `dist/${script}.js`, ...given].map(quoted).join(' '));

/** Runs one part; what it says goes to a file beside its results. Resolves with its exit code. */
function runPart(k6: string, words: readonly string[], log: string): Promise<number> {
  const child = spawn(k6, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_NO_USAGE_REPORT: 'true' },
  });
  const file = createWriteStream(log);
  child.stdout.pipe(file, { end: false });
  child.stderr.pipe(file, { end: false });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new ToolError(`${k6} cannot be run: ${error.message}`)));
    child.once('close', (code) => file.end(() => resolve(code ?? 130)));
  });
}

async function main(args: string[]): Promise<number> {
  const asked = parse(args);
  const k6 = await k6Ready();
  if (!existsSync(`dist/${asked.script}.js`)) throw new ToolError(`there is no script ${asked.script}`);
  if (asked.print) {
    process.stdout.write(`${commands(asked, k6).join('\n')}\n`);
    return 0;
  }
  const out = asked.given.find((word) => word.startsWith('OUT='))?.slice(4) ?? 'results';
  const folder = join(out, `parts-${new Date().toISOString().replace(/[-:]/g, '').slice(0, 15)}-${asked.script}`);
  mkdirSync(folder, { recursive: true });
  const given = asked.given.filter((word, i, all) => !word.startsWith('OUT=') && !all[i + 1]?.startsWith('OUT='));
  process.stderr.write(`${asked.of} runners send their parts of ${asked.script}; their output is in ${folder}/\n`);
  const codes = await Promise.all(
    segmentFlags(asked.of).map((flags, i) =>
      runPart(
        k6,
        [
          'run',
          '--no-color',
          '--address',
          '127.0.0.1:0',
          ...flags,
          `dist/${asked.script}.js`,
          ...given,
          '-e',
          `OUT=${folder}`,
        ],
        join(folder, `runner-${i + 1}.log`),
      ),
    ),
  );
  const runs = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  if (runs.length === 0)
    throw new ToolError(`no runner wrote a run (exit codes ${codes.join(', ')}); ${folder}/runner-1.log says why`);
  return mergeRuns(
    runs.map(({ name }) => join(folder, name)),
    ['-e', `OUT=${out}`],
  );
}

if (require.main === module) void runCommand(help, main, true);
