import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { random, shuffled } from '../../../lib/statistics';
import { disturbance } from '../../../lib/verdict';
import { noFlaws } from '../../../simulator/gateway/flaws';
import { buildK6, bundle } from '../../build/build';
import { builtNow, type Built } from '../../programs/built';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { k6 } from '../../programs/k6';
import { cases, inOrder, type Case } from './cases';
import { cellOf, faultsOf, type Cell } from './judge';
import { secondsOf } from '../ab/ab';
import { lineOf, scriptNames } from '../plan/lines';
import { startReference, type Reference } from '../plan/reference';
import { markdown, text, wrong } from './table';

const help = `npm run sweep [-- options]

Switches each flaw of the reference gateway on, alone, and runs each script against it at a small scale: the script that is for it
must name it, no script may say what is false, none may pass that should not, and with no flaw none may FAIL. What was run is kept,
so the sweep goes on where it was stopped. It prints a table, and writes it as sweep.json and sweep.md.

  --flaws a,b         only these flaws, with all ways in which each is switched on ("none": a gateway in order)
  --scripts a,b       only these scripts
  --own               only the scripts that are for a flaw, and all with none
  --draw 1            in an order that is drawn from this seed, so that a part of the sweep is a fair sample of it
  --at-most 5         so many runs, and no more
  --for 4m            begins no run after this time: a sweep can be made in parts
  --again             runs again what has been run; what the machine disturbed is always run again, at the end
  --out results/sweep where it is kept

ctrl-C keeps what has been run. Exit code: 0 nothing is wrong, 99 something is, 130 interrupted, 2 wrong arguments.`;

interface Options {
  flaws?: readonly string[];
  scripts: readonly string[];
  own: boolean;
  /** The seed of the order; undefined: the most telling first. */
  draw?: number;
  atMost: number;
  /** Seconds in which runs may begin. */
  within: number;
  again: boolean;
  out: string;
}

function options(args: readonly string[]): Options {
  const word = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  let given: ReturnType<typeof parse>;
  const parse = () =>
    parseArgs({
      args: [...args],
      options: {
        flaws: word,
        scripts: word,
        own: flag,
        draw: word,
        'at-most': word,
        for: word,
        again: flag,
        out: word,
      },
    }).values;
  try {
    given = parse();
  } catch (error) {
    throw new ToolError(error instanceof Error ? error.message : String(error));
  }
  const list = (name: string, value: string | undefined, known: readonly string[]) => {
    const names = value?.split(',');
    const unknown = names?.find((each) => !known.includes(each));
    if (unknown !== undefined)
      throw new ToolError(`--${name}: there is no "${unknown}"; there are ${known.join(', ')}`);
    return names;
  };
  const atMost = Number(given['at-most'] ?? Infinity);
  if (!(atMost >= 0)) throw new ToolError(`--at-most is "${given['at-most']}", but must be a number`);
  if (given.draw !== undefined && !/^\d{1,6}$/.test(given.draw))
    throw new ToolError(`--draw is "${given.draw}", but must be a whole number`);
  return {
    draw: given.draw === undefined ? undefined : Number(given.draw),
    flaws: list('flaws', given.flaws, [...new Set([inOrder, ...cases].map(flawOf))]),
    scripts: list('scripts', given.scripts, scriptNames()) ?? scriptNames(),
    own: given.own,
    atMost,
    within: given.for === undefined ? Infinity : secondsOf('for', given.for),
    again: given.again,
    out: given.out ?? 'results/sweep',
  };
}

/** What shells take an interrupted program's exit code for. */
const interrupted = 130;

type Pair = readonly [Case, string];

/** The flaw that a case switches on: `db_pool` of "db_pool, places lost". */
const flawOf = ({ name }: Case) => name.split(',')[0]!;

/**
 * What is to be run, the most telling first: all scripts with no flaw, then each flaw with the scripts that are for it; or
 * in the order that the seed draws.
 */
export function planned({ flaws, scripts, own, draw }: Pick<Options, 'flaws' | 'scripts' | 'own' | 'draw'>): Pair[] {
  const wanted = [inOrder, ...cases].filter((each) => !flaws || flaws.includes(flawOf(each)));
  const pairs = wanted.flatMap((each) => scripts.map((script): Pair => [each, script]));
  const rank = ([{ name, finds, alsoFails }, script]: Pair) =>
    name === inOrder.name ? 0 : finds[script] ? 1 : alsoFails?.includes(script) ? 2 : 3;
  const chosen = pairs.filter((pair) => !own || rank(pair) < 2).sort((a, b) => rank(a) - rank(b));
  return draw === undefined ? chosen : shuffled(chosen, random(draw, 0));
}

/** Runs a script with a flaw switched on, and makes its cell. */
async function run(from: Built, reference: Reference, [flaw, script]: Pair): Promise<Cell> {
  await reference.prepare(script, [flaw.settings]);
  const ran = await k6(from.script(script), {
    k6: from.k6,
    env: { ...lineOf(script).small, ...reference.parameters(script), ...flaw.parameters?.[script] },
  });
  if (!ran.run) throw new ToolError(`${script} wrote no run.json: ${from.shown(ran.stdout + ran.stderr)}`);
  return cellOf(flaw.name, script, ran.run);
}

async function sweep(args: string[]): Promise<number> {
  const chosen = options(args);
  mkdirSync(chosen.out, { recursive: true });
  const kept = join(chosen.out, 'sweep.json');
  const cells = existsSync(kept) ? (JSON.parse(readFileSync(kept, 'utf8')) as Cell[]) : [];
  const cellFor = ([{ name }, script]: Pair) => cells.find((cell) => cell.flaw === name && cell.script === script);
  const all = planned(chosen);
  const disturbed = all.filter((pair) => {
    const cell = cellFor(pair);
    return cell !== undefined && disturbance(cell.reasons) !== undefined;
  });
  const left = chosen.again ? all : [...all.filter((pair) => !cellFor(pair)), ...disturbed];
  const now = left.slice(0, chosen.atMost);
  const unknown = Object.keys(noFlaws as object).filter((name) => !cases.some((each) => flawOf(each) === name));
  const write = () => {
    writeFileSync(kept, JSON.stringify(cells, null, 2));
    writeFileSync(join(chosen.out, 'sweep.md'), markdown(cells, scriptNames(), unknown));
  };
  if (now.length > 0) {
    await buildK6();
    await bundle();
    const from = builtNow();
    const reference = await startReference();
    // What has been run is kept; the run under way is not, and the reference gateway does not stay behind.
    const end = () => void reference.stop().finally(() => process.exit(interrupted));
    process.on('SIGINT', end).on('SIGTERM', end);
    try {
      const began = performance.now();
      for (const [i, pair] of now.entries()) {
        if (performance.now() - began > 1000 * chosen.within) break;
        const cell = await run(from, reference, pair);
        const before = cells.findIndex(({ flaw, script }) => flaw === cell.flaw && script === cell.script);
        if (before >= 0) cells[before] = cell;
        else cells.push(cell);
        write();
        const faults = faultsOf(cell, pair[0]);
        const told = faults.length > 0 ? `: ${faults.join('; ')}` : '';
        process.stdout.write(
          `${i + 1} of ${left.length}  ${cell.script} with "${cell.flaw}": ${cell.verdict}${told}\n`,
        );
      }
    } finally {
      process.off('SIGINT', end).off('SIGTERM', end);
      await reference.stop();
    }
  }
  write();
  process.stdout.write(`\n${text(cells, scriptNames(), unknown)}`);
  return wrong(cells).length > 0 ? 99 : 0;
}

if (require.main === module) void runCommand(help, sweep);
