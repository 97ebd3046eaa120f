import { build } from 'esbuild';
import { join } from 'node:path';
import type { Case } from '../../lib/openai/outcomes.fixture';
import { scratch } from '../programs/scratch';
import { capture, ToolError } from '../programs/process';

/** What `lib/openai/outcomes.fixture.ts` tells: counts, and for each case the outcome and the mean of each metric. */
export interface Told {
  started: number;
  finished: number;
  failed: number;
  interrupted: number;
  unfinished: number;
  lost: number;
  counted: { name: string; outcome: string; count: number }[];
  measured: { metric: string; name: string; count: number; value: number }[];
  /** What was said of each answer beside that. */
  answers: { name: string; error: string; remarks: string[]; text: string }[];
}

/** Sends one chat for each case, all at once, with a real k6. */
export async function tell(cases: readonly Case[]): Promise<Told> {
  const outfile = join(scratch(), 'outcomes.js');
  await build({
    entryPoints: ['lib/openai/outcomes.fixture.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    external: ['k6', 'k6/*'],
    logLevel: 'warning',
  });
  const list = JSON.stringify(
    cases.map(({ name, base, prompt, key, model, patience, plain, env }) => ({
      name,
      base,
      prompt,
      key,
      model,
      patience,
      plain,
      env,
    })),
  );
  const ran = await capture('bin/k6', ['run', '--quiet', outfile, '-e', `CASES=${list}`]);
  if (ran.code !== 0) throw new ToolError(`k6 ended with ${ran.code}: ${ran.stderr}`);
  return JSON.parse(ran.stdout) as Told;
}
