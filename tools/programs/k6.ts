import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../../lib/summary';
import { built } from './built';
import { capture, pinned, type Ran } from './process';
import { scratch } from './scratch';

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
  /** The k6 that is run; usually the project's own. */
  k6?: string;
  /** A command that becomes k6, with its arguments. */
  through?: readonly string[];
  onStart?: (child: ChildProcess) => void;
}

/** Runs a bundled script with bin/k6 and reads the record that it wrote. */
export async function k6(
  script: string,
  { env = {}, args = [], settings = {}, core, k6: program = built.k6, through = [], onStart }: K6Options = {},
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
  const [command, ...words] = pinned(core, [...through, program, 'run', '--no-color', ...args, script, ...given]);
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
