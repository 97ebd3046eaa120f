import type { ChildProcess } from 'node:child_process';
import { startProgram, ToolError } from './process';

export interface Simulator {
  gateway: string;
  provider: string;
  process: ChildProcess;
  /** Changes its settings, as PATCH /config does; `reset` takes all changes back. */
  configure(change: object): Promise<void>;
  reset(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the simulator on free ports (or those in `args`) and waits for its ready line. */
export async function startSimulator(
  args: readonly string[] = ['--gateway-port', '0', '--provider-port', '0'],
): Promise<Simulator> {
  const {
    process: child,
    ready,
    stop,
  } = await startProgram('the simulator', 'simulator/main.ts', args, /simulator ready: gateway (\S+) provider (\S+)/);
  const admin = async (route: string, method: string, body?: object) => {
    const answer = await fetch(new URL(route, ready[2]), {
      method,
      headers: { 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    if (!answer.ok) throw new ToolError(`the simulator refused ${method} ${route}: ${await answer.text()}`);
  };
  return {
    configure: (change) => admin('/config', 'PATCH', change),
    reset: () => admin('/config/reset', 'POST'),
    gateway: ready[1]!,
    provider: ready[2]!,
    process: child,
    stop,
  };
}
