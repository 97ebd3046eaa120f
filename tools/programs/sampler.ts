import { startProgram, type Program } from './process';

export interface Sampler extends Omit<Program, 'ready'> {
  /** Of the page. */
  url: string;
}

/** Starts `npm run sampler` on a free port and waits for its ready line. */
export async function startSampler(...args: string[]): Promise<Sampler> {
  const { ready, ...program } = await startProgram(
    'the sampler',
    'tools/commands/sampler/sampler.ts',
    ['--port', '0', ...args],
    /sampler ready: (\S+)/,
  );
  return { url: ready[1]!, ...program };
}
