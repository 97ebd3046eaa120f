import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildK6, bundle } from '../../build/build';
import { runCommand } from '../../programs/command';
import { k6 } from '../../programs/k6';
import { ToolError } from '../../programs/process';
import { startSimulator } from '../../programs/simulator';
import { columns } from '../shared/columns';
import { readRecord } from '../shared/record';
import { compare, labelOf } from './judge';
import { change } from './words';

const help = `npm run bench:compare [-- --pairs 20] [-- --seconds 30] [-- --rate 10] [-- --out results/real-pairs]

How often compare calls two runs of the same thing different: pairs of runs of the script ttft against the reference gateway, on
this machine. Pairs that --out holds already are not made again, so that it can be called several times. Prints a row for each
pair, and how many were called worse or better. Exit code: 0, 1 when those are more than one in twenty, 2 when it could not be run.`;

/** A number of an option. Throws {@link ToolError}. */
function whole(name: string, given: string | undefined, otherwise: number, most: number): number {
  const value = Number(given ?? otherwise);
  if (!Number.isInteger(value) || value < 1 || value > most)
    throw new ToolError(`--${name} is "${given}", but must be a whole number from 1 to ${most}`);
  return value;
}

/** Folders of the pairs that are whole. */
function pairsIn(out: string): [string, string][] {
  if (!existsSync(out)) return [];
  const runOf = (folder: string) => {
    const path = join(out, folder);
    const found = existsSync(path)
      ? readdirSync(path).find((run) => existsSync(join(path, run, 'run.json')))
      : undefined;
    return found && join(path, found);
  };
  const numbers = readdirSync(out).flatMap((name) => /^(\d+)-a$/.exec(name)?.[1] ?? []);
  return numbers
    .sort((a, b) => Number(a) - Number(b))
    .flatMap((number): [string, string][] => {
      const [a, b] = [runOf(`${number}-a`), runOf(`${number}-b`)];
      return a && b ? [[a, b]] : [];
    });
}

async function makePairs(wanted: number, seconds: number, rate: number, out: string): Promise<void> {
  const first = pairsIn(out).length;
  if (first >= wanted) return;
  await buildK6();
  await bundle();
  const simulator = await startSimulator();
  try {
    for (let pair = first + 1; pair <= wanted; pair++)
      for (const side of ['a', 'b']) {
        const folder = join(out, `${pair}-${side}`);
        mkdirSync(folder, { recursive: true });
        process.stderr.write(`pair ${pair}, run ${side} ...\n`);
        const env = {
          BASE_URL: simulator.gateway,
          API_KEY: 'gsai-sim-key',
          RATE: String(rate),
          DURATION: `${seconds}s`,
          OUT: folder,
        };
        const ran = await k6('dist/ttft.js', { env, args: ['--quiet'] });
        if (!ran.folder) throw new ToolError(`k6 wrote no run.json: ${(ran.stderr + ran.stdout).trim().slice(-400)}`);
      }
  } finally {
    await simulator.stop();
  }
}

async function main(args: readonly string[]): Promise<number> {
  const word = { type: 'string' } as const;
  const parse = () =>
    parseArgs({ args: [...args], options: { pairs: word, seconds: word, rate: word, out: word } }).values;
  let given: ReturnType<typeof parse>;
  try {
    given = parse();
  } catch (error) {
    throw new ToolError(`${(error as Error).message}; see --help`);
  }
  const out = given.out ?? 'results/real-pairs';
  const wanted = whole('pairs', given.pairs, 20, 1000);
  await makePairs(wanted, whole('seconds', given.seconds, 30, 3600), whole('rate', given.rate, 10, 1000), out);
  const rows: string[][] = [];
  let alarms = 0;
  let uncounted = 0;
  for (const [i, pair] of pairsIn(out).slice(0, wanted).entries()) {
    const [a, b] = pair.map((folder) => readRecord(folder));
    const { verdict, figures, reasons } = compare([a!], [b!]);
    alarms += Number(verdict === 'worse' || verdict === 'better');
    uncounted += Number(verdict === 'not comparable');
    const main = figures.filter(({ role }) => role === 'main');
    const largest = [...figures].sort((x, y) => Math.abs(y.relative ?? 0) - Math.abs(x.relative ?? 0))[0];
    rows.push([
      String(i + 1),
      verdict,
      ...['llm_ttft', 'llm_e2e', 'llm_inter_chunk'].map((metric) => {
        const figure = main.find((each) => each.metric === metric);
        return figure?.difference == null ? '-' : change(figure.difference, figure.base ?? 0, figure.unit);
      }),
      largest?.difference == null
        ? (reasons[0] ?? '-')
        : `${change(largest.difference, largest.base ?? 0, largest.unit)} ${labelOf(largest)}, p ${largest.p?.toFixed(3) ?? '-'}`,
    ]);
  }
  const head = ['pair', 'verdict', 'TTFT p50', 'e2e p50', 'gap p50', 'largest difference of any figure'];
  const counted = rows.length - uncounted;
  const left = uncounted > 0 ? `; ${uncounted} more do not count, since this machine disturbed one of their runs` : '';
  process.stdout.write(
    `${columns([head, ...rows], true)}\n\n${alarms} of ${counted} pairs of the same thing were called worse or better${left}\n`,
  );
  return alarms > counted / 20 ? 1 : 0;
}

if (require.main === module) void runCommand(help, main);
