import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildK6, bundle } from '../../build/build';
import { builtNow, type Built } from '../../programs/built';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { lineOf, scriptNames } from '../plan/lines';
import { environmentOf } from '../plan/options';
import { judged, openEntry, type PlanRecord } from '../plan/record';
import { startReference, type Reference } from '../plan/reference';
import { runAll } from '../plan/sequence';
import { keep, reopened } from '../plan/store';
import { loadOfScript } from '../shared/load';
import type { Case } from './cases';
import { heldTo, isDisturbed, scriptsFor, setOf, type SetResult } from './sets';

const help = `npm run plan:proof [-- options]

Draws sets of three flaws of the reference gateway, switches each set on, and runs the plan at the small scale: it must name the
three and nothing that is not there. What was run is kept, so that it goes on where it was stopped. It prints a table, and writes it
as proof.md.

  --sets 12           so many sets
  --seed 1            they are drawn from this seed
  --own               only the scripts that are for a flaw of the set: some minutes a set instead of half an hour
  --out results/proof where it is kept

Exit code: 0 all flaws were named and nothing else was, 99 not so, 110 not all was run, 2 wrong arguments.`;

interface Options {
  sets: number;
  seed: number;
  own: boolean;
  out: string;
}

function options(args: readonly string[]): Options {
  const word = { type: 'string' } as const;
  const parse = () =>
    parseArgs({
      args: [...args],
      options: { sets: word, seed: word, out: word, own: { type: 'boolean', default: false } },
    }).values;
  let given: ReturnType<typeof parse>;
  try {
    given = parse();
  } catch (error) {
    throw new ToolError(`${(error as Error).message.replace(/\. .*/s, '')}; see --help`);
  }
  const whole = (name: 'sets' | 'seed', usual: number) => {
    const text = given[name] ?? String(usual);
    if (!/^\d{1,6}$/.test(text)) throw new ToolError(`--${name} is "${text}", but must be a whole number`);
    return Number(text);
  };
  return { sets: whole('sets', 12), seed: whole('seed', 1), own: given.own, out: given.out ?? 'results/proof' };
}

/** The record of a set: what was kept of it, without the runs that the machine disturbed, or one with all scripts open. */
function recordOf(folder: string, name: string, scripts: readonly string[]): PlanRecord {
  const file = join(folder, 'plan.json');
  const kept = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as PlanRecord) : undefined;
  if (kept && kept.target === name) return kept.scripts.some(isDisturbed) ? reopened(kept, isDisturbed) : kept;
  const entries = scripts.map((script) => openEntry(script));
  return {
    ...{ schema: 1, plan_id: name, started_at: new Date().toISOString(), ended_at: null, target: name },
    ...{ scale: 'small', time: 1, only: [...scripts], parameters: {}, scripts: entries, ...judged(entries) },
  };
}

async function runSet(
  from: Built,
  set: readonly Case[],
  record: PlanRecord,
  folder: string,
  reference: Reference,
): Promise<void> {
  const flaws = set.map(({ settings }) => settings);
  const own = (script: string) => Object.assign({}, ...set.map(({ parameters }) => parameters?.[script])) as object;
  const env = environmentOf(process.env);
  const parameters = (script: string): Record<string, string> => ({
    ...{ ...lineOf(script).small, ...reference.parameters(script), ...own(script) },
  });
  for (const entry of record.scripts.filter(({ state }) => state === 'open'))
    entry.load_s = Math.round((await loadOfScript(from, entry.script, parameters(entry.script), env)).seconds);
  await runAll(record, {
    ...{ from, folder, tries: 3, env, parameters },
    prepare: (script) => reference.prepare(script, flaws),
    say: (line) => void process.stdout.write(`  ${line}\n`),
    write: () => keep(folder, record),
  });
}

/** One row for each set. */
function table(results: readonly { set: number; result: SetResult; ended: boolean }[]): string {
  const rows = results.map(({ set, result, ended }) => {
    const named = result.named.map(({ flaw, by }) => `${flaw}: ${by ?? 'NOT NAMED'}`).join('; ');
    const notes = [...result.untrue, ...result.disturbed.map((script) => `${script}: disturbed`)];
    return `| ${set} | ${named} | ${notes.join('; ').replaceAll('|', '/') || '-'} | ${ended ? 'yes' : 'no'} |`;
  });
  const all = results.flatMap(({ result }) => result.named);
  const found = all.filter(({ by }) => by !== undefined).length;
  const untrue = results.reduce((sum, { result }) => sum + result.untrue.length, 0);
  return [
    '| set | flaws, and the script that named each | said and not there | ended |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
    `${found} of ${all.length} flaws were named; ${untrue} claims are not true.`,
    '',
  ].join('\n');
}

async function proof(args: string[]): Promise<number> {
  const { sets, seed, own, out } = options(args);
  await buildK6();
  await bundle();
  const from = builtNow();
  const results: { set: number; result: SetResult; ended: boolean }[] = [];
  for (let number = 1; number <= sets; number++) {
    const set = setOf(seed, number);
    const name = set.map((each) => each.name).join(', ');
    const folder = join(out, `seed-${seed}-set-${number}`);
    mkdirSync(folder, { recursive: true });
    const scripts = own ? scriptNames().filter((script) => scriptsFor(set).includes(script)) : scriptNames();
    const record = recordOf(folder, name, scripts);
    process.stdout.write(`set ${number} of ${sets}: ${set.map((each) => `"${each.name}"`).join(', ')}\n`);
    // A gateway of its own for each set: one that has served others holds memory that they took, in which a leak hides.
    const reference = await startReference();
    try {
      await runSet(from, set, record, folder, reference);
    } finally {
      await reference.stop();
    }
    results.push({ set: number, result: heldTo(set, record.scripts), ended: record.ended_at !== null });
    writeFileSync(join(out, 'proof.md'), `# Sets of three flaws, seed ${seed}\n\n${table(results)}`);
    if (record.ended_at === null) break;
  }
  process.stdout.write(`\n${table(results)}`);
  if (results.length < sets || results.some(({ ended }) => !ended)) return 110;
  return results.every(({ result }) => result.untrue.length === 0 && result.named.every(({ by }) => by)) ? 0 : 99;
}

if (require.main === module) void runCommand(help, proof);
