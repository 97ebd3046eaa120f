import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { nowNs } from '../simulator/clock';
import type { NullSettings, NullTruth } from '../simulator/null/target';
import { pinned, ToolError } from './processes';

export interface RunningNullTarget {
  /** As an OpenAI client's base URL. */
  base: string;
  process: ChildProcess;
  configure(change: Partial<NullSettings>): Promise<void>;
  /** Forgets what was served until now. */
  clear(): Promise<void>;
  /** The truth of the streams received since the last clear, or since a time of the machine's clock: a run's `started_at`, which leaves its preflight out. */
  truth(since?: string): Promise<NullTruth>;
  stop(): Promise<void>;
}

/** CLOCK_MONOTONIC, ns, at a time of the machine's clock (ISO 8601); exact to the clock's millisecond. */
export function monotonicAt(time: string): number {
  return nowNs() - (Date.now() - Date.parse(time)) * 1e6;
}

/** Starts the null target in a process of its own, on a free port, on one core if `core` is given (Linux), and waits for its ready line. */
export async function startNullTarget(options: { args?: readonly string[]; core?: number } = {}): Promise<RunningNullTarget> {
  const [command, ...args] = pinned(options.core, [process.execPath, '-r', 'ts-node/register/transpile-only', 'simulator/null/main.ts', ...(options.args ?? [])]);
  const child = spawn(command!, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const base = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /null target ready: (\S+)/.exec(line);
      if (found) resolve(found[1]!);
    });
    child.once('error', (error) => reject(new ToolError(`the null target cannot be started: ${error.message}`)));
    child.once('exit', (code) => reject(new ToolError(`the null target ended with ${code} before it was ready: ${said.join('').trim()}`)));
  });
  const ask = async (method: string, route: string, body?: object): Promise<unknown> => {
    const answer = await fetch(new URL(route, base), { method, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new ToolError(`the null target refused ${method} ${route}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    base,
    process: child,
    configure: async (change) => void (await ask('PATCH', '/config', change)),
    clear: async () => void (await ask('DELETE', '/truth')),
    truth: async (since) => (await ask('GET', `/truth/summary?after_ns=${since === undefined ? 0 : monotonicAt(since)}`)) as NullTruth,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
