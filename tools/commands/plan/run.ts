import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { RunRecord } from '../../../lib/summary';
import type { Built } from '../../programs/built';
import { ToolError } from '../../programs/process';
import { readRecord } from '../shared/record';

export interface Ended {
  code: number;
  /** The run's folder and its record; undefined when none was written. */
  folder?: string;
  record?: RunRecord;
}

/** Lets a plan that is to stop end the script that runs. */
export interface Stop {
  asked: boolean;
  /** Of the k6 that runs: SIGINT lets it save what there is. */
  pass?: (signal: NodeJS.Signals) => void;
}

/**
 * Runs one script to its end; what it says goes to `<into>.log`, with the paths that the user knows. It has a process group of its own, so that a ctrl-C of
 * the terminal reaches it once, and through us.
 */
export async function runScript(
  from: Built,
  script: string,
  parameters: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv,
  into: string,
  stop: Stop,
): Promise<Ended> {
  mkdirSync(into, { recursive: true });
  const before = new Set(readdirSync(into));
  const words = Object.entries({ ...parameters, OUT: into }).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const child = spawn(from.k6, ['run', '--no-color', from.script(script), ...words], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
    detached: true,
  });
  const log = createWriteStream(`${into}.log`);
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => log.write(`${from.shown(line)}\n`));
  stop.pass = (signal) => child.kill(signal);
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', (error) => reject(new ToolError(`bin/k6 cannot be run: ${from.shown(error.message)}`)));
    child.once('close', (ended) => log.end(() => resolve(ended ?? 130)));
  });
  stop.pass = undefined;
  const made = readdirSync(into).find((name) => !before.has(name) && existsSync(join(into, name, 'run.json')));
  if (made === undefined) return { code };
  const folder = join(into, made);
  return { code, folder, record: readRecord(folder).record };
}
