import { setPriority } from 'node:os';
import { join } from 'node:path';
import { buildK6, bundle } from '../../build/build';
import { runCommand } from '../../programs/command';
import { run, ToolError } from '../../programs/process';
import { scratch } from '../../programs/scratch';
import { startLive } from './server';

const help = `npm run live -- dist/spike.js -e BASE_URL=… -e API_KEY=…

bin/k6 run with a page on 127.0.0.1 that shows the run while it goes on, with its phases and limits, and how it ended. Everything
after -- goes to k6. The page's port is 5665, or any free one when that is taken. Exit code: that of k6.`;

/** What serves the page gives way to what makes the load (niceness; Windows has classes instead). */
const low = 10;

/** Runs k6 with a live page and returns its exit code; says on stdout where the page is. */
export async function runLive(args: readonly string[], what: string): Promise<number> {
  const file = join(scratch(), 'live.jsonl');
  const live = await startLive(file, what);
  process.stdout.write(`\nlive: ${live.url}\n`);
  let code = 1;
  try {
    const ended = run('bin/k6', ['run', ...args], {
      env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_SSE_LIVE: file },
    });
    setPriority(low); // k6 has started already, and keeps its own
    code = await ended;
    return code;
  } finally {
    await live.end(code);
  }
}

async function main(args: readonly string[]): Promise<number> {
  const script = args.find((arg) => /\.[jt]s$/.test(arg));
  if (script === undefined) throw new ToolError('no script is named: give one, such as dist/spike.js; see --help');
  await buildK6();
  await bundle();
  process.on('SIGINT', () => {}); // k6 gets it too, saves what there is, and ends
  return runLive(args, script);
}

if (require.main === module) void runCommand(help, main, true);
