import { existsSync } from 'node:fs';
import { buildK6, bundle } from '../build/build';
import { runLive } from './live/live';
import { runCommand } from '../programs/command';
import { run, ToolError } from '../programs/process';
import { startSimulator } from '../programs/simulator';

const help = `npm run demo [-- --rate 20] [-- --duration 60s] [-- --live]

From a fresh machine to a verdict: builds what is missing, starts the simulator (a gateway with a provider behind it) on free
ports of 127.0.0.1, runs the baseline profile of the plan scaled to this machine (20 of its 50 requests/s for a minute), prints
the table and the verdict, and stops what it started. --live serves a page that shows the run while it goes on. Results are in
results/<run>/. Exit code: that of k6 (0 PASS, 99 FAIL, 110 INVALID).`;

function option(args: readonly string[], name: string, fallback: string): string {
  const at = args.indexOf(name);
  if (at < 0) return fallback;
  const value = args[at + 1];
  if (value === undefined) throw new ToolError(`${name} needs a value; see --help`);
  return value;
}

async function demo(args: readonly string[]): Promise<number> {
  const unknown = args.find((arg) => arg.startsWith('-') && !['--rate', '--duration', '--live'].includes(arg));
  if (unknown) throw new ToolError(`${unknown} is no option of demo; see --help`);
  const rate = option(args, '--rate', '20');
  const duration = option(args, '--duration', '60s');
  await buildK6();
  await bundle();
  if (!existsSync('data/prompts.json')) throw new ToolError('data/prompts.json is missing: `npm run data` makes it');
  const simulator = await startSimulator();
  // ctrl-C reaches k6 as well (same terminal): it saves what there is, and then the simulator is stopped below.
  process.on('SIGINT', () => {});
  try {
    const script = [
      'dist/baseline.js',
      '-e',
      `BASE_URL=${simulator.gateway}`,
      '-e',
      'API_KEY=gsai-sim-key',
      '-e',
      `RATE=${rate}`,
      '-e',
      // Half of the chats as streams: of the plan's seventh a minute has too few for a percentile.
      'PLAIN_SHARE=0.5',
      '-e',
      `DURATION=${duration}`,
    ];
    process.stdout.write(`\n> bin/k6 run ${script.join(' ')}\n`);
    if (args.includes('--live'))
      return await runLive(script, `baseline at up to ${rate} requests/s against the simulator`);
    return await run('bin/k6', ['run', ...script], { env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false' } });
  } finally {
    await simulator.stop();
  }
}

if (require.main === module) void runCommand(help, demo);
