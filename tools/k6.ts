import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunRecord } from '../lib/summary';
import { capture, pinned, type Ran } from './processes';

export interface K6Run extends Ran {
  /** The run's folder, undefined when none was written. */
  folder?: string;
  /** Its run.json. */
  run?: RunRecord;
}

export interface K6Options {
  /** Parameters, as -e NAME=value. OUT is set to a folder of its own unless given. */
  env?: Readonly<Record<string, string>>;
  args?: readonly string[];
  /** k6's own settings, as K6_… in its environment. */
  settings?: Readonly<Record<string, string>>;
  /** The only core it may run on (Linux). */
  core?: number;
  onStart?: (child: ChildProcess) => void;
}

const folders: string[] = [];
process.on('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
// Node dies of these without a word to who waits for its exit: folders and services would be left. Who has a handler of
// his own ends by himself.
for (const [signal, number] of [
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const)
  process.on(signal, () => process.listenerCount(signal) === 1 && process.exit(128 + number));

/** A folder that is gone when this process ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gsai-perf-'));
  folders.push(folder);
  return folder;
}

/** Runs a bundled script with bin/k6 and reads the record that it wrote. */
export async function k6(
  script: string,
  { env = {}, args = [], settings = {}, core, onStart }: K6Options = {},
): Promise<K6Run> {
  const out = env.OUT ?? join(scratch(), 'results');
  const given = Object.entries({ OUT: out, CALIBRATION: 'none', ...env }).flatMap(([name, value]) => [
    '-e',
    `${name}=${value}`,
  ]);
  // Only the parameters of the test: one in this shell's environment would change what is run.
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => ['PATH', 'HOME', 'TMPDIR'].includes(name)),
  );
  const [command, ...words] = pinned(core, ['bin/k6', 'run', '--no-color', ...args, script, ...given]);
  const ran = await capture(command!, words, {
    env: { ...clean, K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_NO_USAGE_REPORT: 'true', ...settings },
    onStart,
  });
  const runs = statSync(out, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(out) : [];
  if (runs.length !== 1) return ran;
  const folder = join(out, runs[0]!);
  if (!existsSync(join(folder, 'run.json'))) return ran;
  return { ...ran, folder, run: JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunRecord };
}

/**
 * `k6()` for a test that judges the target: where the run itself says that this machine held the generator up, it is
 * INVALID by right and shows nothing of the target. Such a run is made again, twice at most.
 */
export async function undisturbed(script: string, options: K6Options): Promise<K6Run> {
  for (let attempt = 1; ; attempt++) {
    const ran = await k6(script, options);
    const disturbed = ran.run?.reasons.find(
      ({ about, text }) => about === 'instrument' && text.startsWith('the generator '),
    );
    if (!disturbed || attempt === 3) return ran;
    process.stdout.write(`${script} is run again: ${disturbed.text}\n`);
  }
}

/** A run's record, for a test: there is one, and none of its requests is missing from the counts. */
export function sound({ run, stdout, stderr }: K6Run): RunRecord {
  assert.ok(run, stdout + stderr);
  const { started, finished, failed, interrupted } = run.counts;
  assert.equal(started, finished + failed + interrupted);
  return run;
}

/** A verdict's reasons, one a line. */
export const why = (run: RunRecord) => run.reasons.map(({ about, text }) => `${about}: ${text}`).join('\n');
