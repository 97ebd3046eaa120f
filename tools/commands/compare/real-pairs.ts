import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seconds } from '../../../lib/config';
import { buildK6, bundle } from '../../build/build';
import { runCommand } from '../../programs/command';
import { k6 } from '../../programs/k6';
import { ToolError } from '../../programs/process';
import { startSimulator, type Simulator } from '../../programs/simulator';
import { readRecord } from '../shared/record';
import { compare, labelOf } from './judge';
import { change } from './words';

const help = `npm run bench:compare [-- --pairs 20] [-- --seconds 30] [-- --rate 10] [-- --out results/real-pairs] [-- --for 10m]

How often compare calls two runs of the same thing different: pairs of runs of the script ttft against the reference gateway, on
this machine. Pairs that --out holds already are not made again, and with --for no pair is begun after that time, so that it can be
called several times. Prints a line for each pair as it is there, and how many were called worse or better. Exit code: 0; 1 when
those are more than one in twenty, or pairs are still missing; 2 when it could not be run.`;

/** A number of an option. Throws {@link ToolError}. */
function whole(name: string, given: string | undefined, otherwise: number, most: number): number {
  const value = Number(given ?? otherwise);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new ToolError(`--${name} is "${given}", but must be a whole number from 1 to ${most}`);
  return value;
}

/** Seconds of --for. Throws {@link ToolError}. */
function duration(given: string): number {
  const found = seconds(given);
  if (found === undefined || found === 0)
    throw new ToolError(`--for is "${given}", but must be a duration such as 90s or 10m`);
  return found;
}

/** The run of one side of a pair; undefined while there is none. */
function runIn(folder: string): string | undefined {
  const name = existsSync(folder)
    ? readdirSync(folder).find((run) => existsSync(join(folder, run, 'run.json')))
    : undefined;
  return name && join(folder, name);
}

/** Sides of a pair that are missing are made; the simulator is started for the first of all. */
function maker(length: number, rate: number) {
  let started: Promise<Simulator> | undefined;
  const start = async () => {
    await buildK6();
    await bundle();
    return startSimulator();
  };
  return {
    async make(folder: string): Promise<string> {
      const simulator = await (started ??= start());
      mkdirSync(folder, { recursive: true });
      const load = { RATE: String(rate), DURATION: `${length}s`, OUT: folder };
      const env = { BASE_URL: simulator.gateway, API_KEY: 'gsai-sim-key', ...load };
      const ran = await k6('dist/ttft.js', { env, args: ['--quiet'] });
      if (!ran.folder) throw new ToolError(`k6 wrote no run.json: ${(ran.stderr + ran.stdout).trim().slice(-400)}`);
      return runIn(folder)!;
    },
    stop: async () => (await started)?.stop(),
  };
}

const widths = [4, 20, 10, 10, 10];
const told = (cells: readonly string[]) =>
  process.stdout.write(
    `${cells
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd()}\n`,
  );

function judged(pair: number, folders: readonly [string, string]) {
  const [a, b] = folders.map((folder) => readRecord(folder));
  const { verdict, figures, reasons } = compare([a!], [b!]);
  const main = figures.filter(({ role }) => role === 'main');
  const largest = [...figures].sort((x, y) => Math.abs(y.relative ?? 0) - Math.abs(x.relative ?? 0))[0];
  told([
    String(pair),
    verdict,
    ...['llm_ttft', 'llm_e2e', 'llm_inter_chunk'].map((metric) => {
      const figure = main.find((each) => each.metric === metric);
      return figure?.difference == null ? '-' : change(figure.difference, figure.base ?? 0, figure.unit);
    }),
    largest?.difference == null
      ? (reasons[0] ?? '-')
      : `${change(largest.difference, largest.base ?? 0, largest.unit)} ${labelOf(largest)}, p ${largest.p?.toFixed(3) ?? '-'}`,
  ]);
  return verdict;
}

async function main(args: readonly string[]): Promise<number> {
  const word = { type: 'string' } as const;
  const parse = () =>
    parseArgs({ args: [...args], options: { pairs: word, seconds: word, rate: word, out: word, for: word } }).values;
  let given: ReturnType<typeof parse>;
  try {
    given = parse();
  } catch (error) {
    throw new ToolError(`${(error as Error).message}; see --help`);
  }
  const out = given.out ?? 'results/real-pairs';
  const wanted = whole('pairs', given.pairs, 20, 1000);
  const ends = given.for === undefined ? Infinity : performance.now() + 1000 * duration(given.for);
  const runs = maker(whole('seconds', given.seconds, 30, 3600), whole('rate', given.rate, 10, 1000));
  const verdicts: string[] = [];
  told(['pair', 'verdict', 'TTFT p50', 'e2e p50', 'gap p50', 'largest difference of any figure']);
  try {
    for (let pair = 1; pair <= wanted; pair++) {
      const folders = ['a', 'b'].map((side) => join(out, `${pair}-${side}`));
      const there = folders.map(runIn);
      if (there.some((run) => run === undefined) && performance.now() >= ends) break;
      const both: string[] = [];
      for (const [i, folder] of folders.entries()) both.push(there[i] ?? (await runs.make(folder)));
      verdicts.push(judged(pair, both as [string, string]));
    }
  } finally {
    await runs.stop();
  }
  const alarms = verdicts.filter((verdict) => verdict === 'worse' || verdict === 'better').length;
  const uncounted = verdicts.filter((verdict) => verdict === 'not comparable').length;
  const counted = verdicts.length - uncounted;
  const left = uncounted > 0 ? `; ${uncounted} more do not count, since this machine disturbed one of their runs` : '';
  const missing = wanted - verdicts.length;
  process.stdout.write(
    `\n${alarms} of ${counted} pairs of the same thing were called worse or better${left}${missing > 0 ? `; ${missing} pairs are still to be made: call it again` : ''}\n`,
  );
  return alarms > counted / 20 || missing > 0 ? 1 : 0;
}

if (require.main === module) void runCommand(help, main);
