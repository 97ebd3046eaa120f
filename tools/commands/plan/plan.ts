import { simulatorUrl } from '../../../lib/config';
import { buildK6, bundle } from '../../build/build';
import { builtNow, type Built } from '../../programs/built';
import { runCommand } from '../../programs/command';
import { shownError } from '../../programs/printable';
import { ToolError } from '../../programs/process';
import { wrongArguments } from '../compare/compare';
import { loadOfScript } from '../shared/load';
import { scriptNames } from './lines';
import { forTarget, isLack, lacking } from './needs';
import { asked, environmentOf, options, parametersFor, type Options } from './options';
import { exitCodes, judged, openEntry, withoutSecrets, type PlanEntry, type PlanRecord } from './record';
import { startReference, type Reference } from './reference';
import { runAll } from './sequence';
import { keep, newFolder, unfinished, type Setting } from './store';
import { dryRun, text } from './text';

const help = `npm run plan -- [--scale small|full|0.1] [--only 7.4.2,cost] [-e NAME=value ...]

Runs the scripts of the plan's section 7.4 one after the other, and judges the whole: one table, one report, one JSON, one verdict.
ctrl-C ends the script that runs, and keeps what there is; the same command then goes on. A build meanwhile changes nothing: the
plan runs a copy of k6 and the scripts as they were at its start. What the target cannot show is not run, and
the table says what it lacks. Keys: -e API_KEYS_FILE=..., or API_KEY in the environment.

  --scale small        the smallest loads that can be judged, under half an hour in all (the default)
  --scale full         the plan's own loads: more than 8 hours
  --scale 0.1          a share of the plan's rates; --time 0.25 with it, or with full, a share of its durations
  --only a,b           only these rows (7.4.1 ... 7.4.6) or scripts
  -e NAME=value        a parameter for all scripts (npm run params); what a script does not take is told before the first request
  --reference          tests the reference gateway of the simulator, in order and on ports of its own
  --dry-run            says what would be run, and for how long
  --retry              runs the scripts again whose runs said nothing about the target, as on a disturbed machine
  --new                begins anew where a plan of the same kind was not ended
  --tries 2            runs a script again whose run the measuring machine disturbed
  --out results        where the folder plan-<time> goes

Exit code: 0 PASS, 99 FAIL (at least one script), 110 INVALID (a script says nothing, or was not run), 104 wrong arguments.`;

/** What there is to run, with the length of each; what the target lacks is known before the first request. */
async function entriesOf(
  chosen: Options,
  from: Built,
  parameters: (script: string) => Record<string, string>,
): Promise<PlanEntry[]> {
  const env = environmentOf(process.env);
  const entries: PlanEntry[] = [];
  for (const script of asked(scriptNames(), chosen.only)) {
    const given = parameters(script);
    const entry = openEntry(script);
    let why = lacking(script, { ...env, ...given });
    try {
      if (why === '') entry.load_s = Math.round((await loadOfScript(from, script, given, env)).seconds);
    } catch (error) {
      why = (error as Error).message;
      if (!(error instanceof ToolError) || !isLack(why)) throw error;
    }
    entries.push(why === '' ? entry : { ...entry, state: 'skipped', why });
  }
  return entries;
}

function settingOf({ scale, time, only, given, reference }: Options): Setting {
  const { BASE_URL, TARGET } = { ...process.env, ...given };
  return {
    target: reference ? 'the reference gateway' : (BASE_URL ?? TARGET ?? simulatorUrl),
    ...{ scale: String(scale), time, only: [...only], parameters: withoutSecrets(given) },
  };
}

async function plan(chosen: Options, from: Built, reference: Reference | undefined): Promise<number> {
  const parameters = (script: string): Record<string, string> => {
    const target = { ...reference?.parameters(script), ...chosen.given };
    return { ...forTarget(parametersFor(script, chosen), { ...process.env, ...target }), ...target };
  };
  const setting = settingOf(chosen);
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const found = chosen.dryRun || chosen.anew ? undefined : unfinished(chosen.out, setting, chosen.retry);
  if (chosen.retry && !found)
    throw new ToolError(`--retry: ${chosen.out} holds no plan of this target, this scale and these scripts`);
  const scripts = found ? found.record.scripts : await entriesOf(chosen, from, parameters);
  if (chosen.dryRun) {
    process.stdout.write(dryRun(scripts, (script) => withoutSecrets(parametersFor(script, chosen))));
    return 0;
  }
  const started = new Date();
  const id = `plan-${started.toISOString().replace(/[-:]/g, '').slice(0, 15)}`;
  const record: PlanRecord = found?.record ?? {
    ...{ schema: 1, plan_id: id, started_at: started.toISOString(), ended_at: null, ...setting },
    ...{ scripts, ...judged(scripts) },
  };
  const folder = found?.folder ?? newFolder(chosen.out, id);
  const path = found ? `goes on in ${folder}` : `results go to ${folder}`;
  say(`${scripts.length} script${scripts.length === 1 ? '' : 's'} of the plan against ${setting.target}; ${path}`);
  for (const { script, why } of record.scripts.filter(({ state }) => state === 'skipped'))
    say(`${script} is not run: ${why}`);
  keep(folder, record);
  const env = environmentOf(process.env);
  const prepare = async (script: string) => reference?.prepare(script);
  await runAll(record, {
    from,
    folder,
    tries: chosen.tries,
    env,
    parameters,
    prepare,
    say,
    write: () => keep(folder, record),
  });
  say(text(record, folder));
  return exitCodes[record.verdict];
}

async function main(args: readonly string[]): Promise<number> {
  let reference: Reference | undefined;
  try {
    const chosen = options(args, scriptNames());
    await buildK6();
    await bundle();
    const from = builtNow();
    reference = chosen.reference ? await startReference() : undefined;
    return await plan(chosen, from, reference);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    process.stderr.write(`${shownError(error.message)}\n`);
    return wrongArguments;
  } finally {
    await reference?.stop();
  }
}

if (require.main === module) void runCommand(help, main);
