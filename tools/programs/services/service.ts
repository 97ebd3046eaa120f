import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { ToolError } from '../process';

/** A TCP port of 127.0.0.1 that was free a moment ago: for programs that cannot say which port they took. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** A program that answers on a port of its own. */
export interface Service {
  process: ChildProcess;
  /** Ends it (SIGTERM, after 10 s SIGKILL) and waits until it is gone. */
  stop(): Promise<void>;
}

/**
 * Starts a program and waits, at most 30 s, until `ready` (an address) answers with a 2xx. Rejects with {@link
 * ToolError} that holds the program's last words. It ends with this process.
 */
export async function startService(
  name: string,
  command: string,
  args: readonly string[],
  ready: string,
): Promise<Service> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  let failed: Error | undefined;
  child.once('error', (error) => {
    failed = error;
  });
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  const stop = async () => {
    process.off('exit', kill);
    if (ended() || failed) return;
    child.kill('SIGTERM');
    const late = setTimeout(kill, 10_000);
    await once(child, 'exit');
    clearTimeout(late);
  };
  const last = () => said.trim().split('\n').slice(-3).join(' ');
  for (const end = Date.now() + 30_000; ; ) {
    if (failed) throw new ToolError(`${name} cannot be started: ${failed.message}`);
    if (ended()) throw new ToolError(`${name} ended with ${child.exitCode} before it was ready: ${last()}`);
    if (await answers(ready)) return { process: child, stop };
    if (Date.now() > end) {
      await stop();
      throw new ToolError(`${name} did not answer at ${ready} within 30 s: ${last()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}
