import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request as http } from 'node:http';
import { request as https } from 'node:https';
import { join } from 'node:path';
import { nowNs } from '../../simulator/time/clock';
import type { NullSettings } from '../../simulator/null/settings';
import type { NullTruth } from '../../simulator/null/target';
import { startProgram, ToolError } from './process';
import { scratch } from './scratch';

export interface RunningNullTarget {
  /** As an OpenAI client's base URL. */
  base: string;
  /** Where it speaks TLS: the file with the authority to trust. */
  caFile?: string;
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
function monotonicAt(time: string): number {
  return nowNs() - (Date.now() - Date.parse(time)) * 1e6;
}

/** fetch() trusts no authority of ours. */
function request(
  url: URL,
  method: string,
  body: string | undefined,
  caFile: string | undefined,
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = {
      method,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body ?? '') },
      ...(caFile === undefined ? {} : { ca: readFileSync(caFile) }),
    };
    (url.protocol === 'https:' ? https : http)(url, options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.once('end', () => resolve({ status: answer.statusCode!, text: Buffer.concat(parts).toString() }));
      answer.once('error', reject);
    })
      .once('error', reject)
      .end(body);
  });
}

/**
 * Starts the null target in a process of its own, on a free port, on one core if `core` is given (Linux), and waits for
 * its ready line.
 */
export async function startNullTarget(
  options: { args?: readonly string[]; core?: number; tls?: boolean } = {},
): Promise<RunningNullTarget> {
  const folder = options.tls ? scratch() : undefined;
  const {
    process: child,
    ready,
    stop,
  } = await startProgram(
    'the null target',
    'simulator/null/main.ts',
    [...(options.args ?? []), ...(folder === undefined ? [] : ['--tls', folder])],
    /null target ready: (\S+)/,
    options.core,
  );
  const base = ready[1]!;
  const caFile = folder && join(folder, 'ca.pem');
  const ask = async (method: string, route: string, body?: object): Promise<unknown> => {
    const { status, text } = await request(new URL(route, base), method, body && JSON.stringify(body), caFile);
    if (status !== 200) throw new ToolError(`the null target refused ${method} ${route}: ${text}`);
    return JSON.parse(text);
  };
  return {
    base,
    caFile,
    process: child,
    configure: async (change) => void (await ask('PATCH', '/config', change)),
    clear: async () => void (await ask('DELETE', '/truth')),
    truth: async (since) =>
      (await ask('GET', `/truth/summary?after_ns=${since === undefined ? 0 : monotonicAt(since)}`)) as NullTruth,
    stop,
  };
}
