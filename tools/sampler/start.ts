import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { ToolError } from '../processes';

export interface Sampler {
  /** Of the page. */
  url: string;
  process: ChildProcess;
  stop(): Promise<void>;
}

/** Starts `npm run sampler` on a free port and waits for its ready line. */
export async function startSampler(...args: string[]): Promise<Sampler> {
  const child = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', 'tools/sampler/main.ts', '--port', '0', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /sampler ready: (\S+)/.exec(line);
      if (found) resolve(found[1]!);
    });
    child.once('error', (error) => reject(new ToolError(`the sampler cannot be started: ${error.message}`)));
    child.once('exit', (code) => reject(new ToolError(`the sampler ended with ${code} before it was ready`)));
  });
  return {
    url,
    process: child,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
