import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Page } from 'playwright-core';
import type { RunRecord } from '../../../lib/summary';
import { scratch } from '../../programs/scratch';

/** `npm run demo -- --live` under way. */
export interface Demo {
  pid: number;
  url: string;
  /** Its exit code, and the run's record. */
  ended: Promise<{ code: number; run: RunRecord }>;
  /** As ctrl-C does: to the demo, to k6 and to the simulator. */
  stop(): Promise<void>;
}

export async function startDemo(rate: number, duration: string): Promise<Demo> {
  const out = join(scratch(), 'results');
  const words = ['tools/commands/demo.ts', '--live', '--rate', String(rate), '--duration', duration];
  const demo = spawn(process.execPath, ['-r', './tools/build/typescript.cjs', ...words], {
    env: { ...process.env, NODE_OPTIONS: '', OUT: out },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const exit = once(demo, 'exit') as Promise<[number]>;
  const said: string[] = [];
  demo.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const url = await new Promise<string>((resolve, reject) => {
    createInterface({ input: demo.stdout }).on('line', (line) => {
      said.push(line);
      const found = /^live: (\S+)$/.exec(line);
      if (found) resolve(found[1]!);
    });
    demo.once('exit', (code) => reject(new Error(`the demo ended with ${code}: ${said.join('\n')}`)));
  });
  const ended = exit.then(([code]) => {
    const folder = readdirSync(out)[0];
    if (folder === undefined) throw new Error(`the demo wrote nothing: ${said.join('\n')}`);
    return { code, run: JSON.parse(readFileSync(join(out, folder, 'run.json'), 'utf8')) as RunRecord };
  });
  // A failure is told to those who wait for `ended`, and is no unhandled one where nobody does yet.
  ended.catch(() => undefined);
  return {
    pid: demo.pid!,
    url,
    ended,
    async stop() {
      if (demo.exitCode === null) process.kill(-demo.pid!, 'SIGINT');
      await exit;
    },
  };
}

/** Makes a page believe that it is hidden, or seen again: without a window no page of Chromium is ever hidden. */
export function setHidden(page: Page, hidden: boolean): Promise<void> {
  return page.evaluate(`(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => ${hidden} });
    document.dispatchEvent(new Event('visibilitychange'));
  })()`);
}
