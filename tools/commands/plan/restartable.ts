import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mergePatch } from '../../../simulator/settings/merge';
import { startSampler, type Sampler } from '../../programs/sampler';
import { scratch } from '../../programs/scratch';
import { freePort } from '../../programs/services/service';

/** A reference gateway in a process of its own, which the sampler starts, stops and starts again (RESTART_URL). */
export interface Restartable {
  /** Where it will be, and where it is told to start anew. Both are known before it runs. */
  parameters: { BASE_URL: string; RESTART_URL: string };
  /** Starts it with these settings of the gateway, each laid over those before, and waits until it answers. */
  start(settings: readonly object[]): Promise<void>;
  stop(): Promise<void>;
}

/** `provider`: the address of the simulated provider that it asks. */
export async function restartable(provider: string): Promise<Restartable> {
  const [port, samplerPort] = [await freePort(), await freePort()];
  const BASE_URL = `http://127.0.0.1:${port}/api/v1`;
  let sampler: Sampler | undefined;
  const stop = async () => {
    await sampler?.stop();
    sampler = undefined;
  };
  return {
    parameters: { BASE_URL, RESTART_URL: `http://127.0.0.1:${samplerPort}/restart` },
    async start(settings) {
      await stop();
      const config = join(scratch(), 'gateway.json');
      writeFileSync(config, JSON.stringify(settings.reduce<unknown>(mergePatch, {})));
      const words = ['-r', './tools/build/typescript.cjs', 'simulator/main.ts', '--only', 'gateway'];
      const own = ['--config', config, '--gateway-port', String(port), '--provider-url', provider];
      sampler = await startSampler('--port', String(samplerPort), '--start', process.execPath, ...words, ...own);
      const end = performance.now() + startWithin;
      while (!(await fetch(new URL('/health', BASE_URL)).catch(() => undefined))) {
        if (performance.now() > end) throw new Error(`the reference gateway at ${BASE_URL} did not answer`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    stop,
  };
}

/** Milliseconds that a start may take on a machine that is busy. */
const startWithin = 60_000;
