import { join } from 'node:path';
import { disturbance, reasonLine } from '../../../lib/verdict';
import type { Built } from '../../programs/built';
import { ToolError } from '../../programs/process';
import { entryOf, judged, type PlanEntry, type PlanRecord } from './record';
import { runScript, type Stop } from './run';
import { aboutText, around, endText, secondsOf } from './text';

export interface Way {
  from: Built;
  folder: string;
  tries: number;
  env: NodeJS.ProcessEnv;
  parameters(script: string): Readonly<Record<string, string>>;
  /** Before each try of a script. */
  prepare(script: string): Promise<void>;
  say(line: string): void;
  /** Keeps the record, after each script. */
  write(): void;
}

/**
 * Runs the scripts of a plan that are open, one after the other, and puts what came of each into the record. ctrl-C, or
 * SIGTERM, ends the script that runs and all that would follow; what was not run to its end stays open.
 */
export async function runAll(record: PlanRecord, way: Way): Promise<void> {
  const stop: Stop = { asked: false };
  const end = () => {
    // A second ctrl-C ends it at once.
    stop.pass?.(stop.asked ? 'SIGKILL' : 'SIGINT');
    if (!stop.asked)
      way.say('The plan is ending: k6 saves what was measured. Press ctrl-C once more to end it at once.');
    stop.asked = true;
  };
  process.on('SIGINT', end).on('SIGTERM', end);
  try {
    await eachOpen(record, way, stop);
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
    if (record.scripts.every(({ state }) => state !== 'open')) record.ended_at = new Date().toISOString();
    Object.assign(record, judged(record.scripts));
    way.write();
  }
}

async function eachOpen(record: PlanRecord, way: Way, stop: Stop): Promise<void> {
  const { scripts } = record;
  for (const [i, entry] of scripts.entries()) {
    if (entry.state !== 'open') continue;
    const left = scripts.filter(({ state }) => state === 'open');
    const beside = besideTheLoad(scripts);
    way.say(
      `${i + 1} of ${scripts.length}  ${entry.script}, at most about ${aboutText(entry.load_s + beside)}; ${aboutText(secondsOf(left, beside))} left in all`,
    );
    const ended = await tried(entry, way, stop);
    if (stop.asked || ended === undefined) return;
    scripts[i] = ended;
    Object.assign(record, judged(scripts));
    way.write();
    way.say(endText(ended));
    if (refusedAtOnce(ended)) {
      way.say('the target cannot be tested at all, so nothing else is run');
      return;
    }
  }
}

/** Nothing was sent by the script that tries whether everything answers: nothing else would be either. */
const refusedAtOnce = ({ script, verdict, judged: some }: PlanEntry) =>
  script === 'smoke' && verdict === 'INVALID' && some === 0;

/** What runs have taken beside their load, in the mean; a guess before the first one. */
function besideTheLoad(scripts: readonly PlanEntry[]): number {
  const done = scripts.filter(({ state, seconds, tries }) => state === 'done' && seconds !== null && tries === 1);
  if (done.length === 0) return around;
  return Math.max(1, done.reduce((sum, { seconds, load_s }) => sum + seconds! - load_s, 0) / done.length);
}

/** Runs a script, once more where the machine disturbed it; undefined when it was stopped. */
async function tried(entry: PlanEntry, way: Way, stop: Stop): Promise<PlanEntry | undefined> {
  const { script } = entry;
  for (let tries = 1; ; tries++) {
    await way.prepare(script);
    const began = performance.now();
    const ran = await runScript(way.from, script, way.parameters(script), way.env, join(way.folder, script), stop);
    if (stop.asked) return undefined;
    const seconds = (performance.now() - began) / 1000;
    if (!ran.record) {
      if (ran.code === 104)
        throw new ToolError(`${script} refused its parameters; ${way.folder}/${script}.log says why`);
      const why = `k6 ended with ${ran.code} and wrote no run.json; ${script}.log says why`;
      return { ...entry, state: 'done', verdict: 'INVALID', reasons: [why], seconds: Math.round(seconds), tries };
    }
    const disturbed = disturbance(ran.record.reasons.map(reasonLine));
    if (tries < way.tries && disturbed !== undefined) {
      way.say(`    this machine disturbed the run, so it is run again: ${disturbed}`);
      continue;
    }
    return entryOf(entry, ran.record, join(script, ran.record.run_id), seconds, tries);
  }
}
