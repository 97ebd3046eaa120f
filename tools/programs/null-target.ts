import type { ChildProcess } from 'node:child_process';
import { nowNs } from '../../simulator/time/clock';
import type { NullSettings } from '../../simulator/null/settings';
import type { NullTruth } from '../../simulator/null/target';
import { startProgram, ToolError } from './process';

export interface RunningNullTarget {
  /** As an OpenAI client's base URL. */
  base: string;
  process: ChildProcess;
  configure(change: Partial<NullSettings>): Promise<void>;
  /** Forgets what was served until now. */
  clear(): Promise<void>;
  /**
   * The truth of the streams received since the last clear, or since a time of the machine's clock: a run's
   * `started_at`, which leaves its preflight out.
   */
  truth(since?: string): Promise<NullTruth>;
  stop(): Promise<void>;
}

/** CLOCK_MONOTONIC, ns, at a time of the machine's clock (ISO 8601); exact to the clock's millisecond. */
export function monotonicAt(time: string): number {
  return nowNs() - (Date.now() - Date.parse(time)) * 1e6;
}

/**
 * Starts the null target in a process of its own, on a free port, on one core if `core` is given (Linux), and waits for
 * its ready line.
 */
export async function startNullTarget(
  options: { args?: readonly string[]; core?: number } = {},
): Promise<RunningNullTarget> {
  const {
    process: child,
    ready,
    stop,
  } = await startProgram(
    'the null target',
    'simulator/null/main.ts',
    options.args ?? [],
    /null target ready: (\S+)/,
    options.core,
  );
  const base = ready[1]!;
  const ask = async (method: string, route: string, body?: object): Promise<unknown> => {
    const answer = await fetch(new URL(route, base), {
      method,
      headers: { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new ToolError(`the null target refused ${method} ${route}: ${await answer.text()}`);
    return answer.json();
  };
  return {
    base,
    process: child,
    configure: async (change) => void (await ask('PATCH', '/config', change)),
    clear: async () => void (await ask('DELETE', '/truth')),
    truth: async (since) =>
      (await ask('GET', `/truth/summary?after_ns=${since === undefined ? 0 : monotonicAt(since)}`)) as NullTruth,
    stop,
  };
}
