import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import type { NullTruth, Percentiles } from '../../../simulator/null/target';
import { buildGoClient, runners, stopServices } from './clients';
import type { Distribution, Watched } from './watch';
import {
  clientNames,
  groups,
  relativeError,
  table,
  type Client,
  type Group,
  type Micro,
  type Pair,
  type Row,
  type Trial,
} from './figures';
import { linesText, mustReach, type Line } from './lines';
import { preparePeers } from './peers';
import { plan } from './rows';
import { valueAt } from '../../programs/process-tree';
import { buildK6, bundle } from '../../build/build';
import { which } from '../../programs/debian';
import { startNullTarget, type RunningNullTarget } from '../../programs/null-target';
import { runCommand } from '../../programs/command';
import { capture, ToolError } from '../../programs/process';

const help = `npm run bench [-- --peers] [-- --quick] [-- --rounds 3] [-- --seconds 10] [-- --only ${groups.join(',')}]

Measures the measuring program: this project, a bare Go client, and k6 with a JavaScript handler for each event, against a target that
knows the truth, in turn, on this machine (Linux, 2 cores or more). With --peers AIPerf and GuideLLM too, in virtual environments
(some GB to download the first time). Prints the errors and the cost of each, and which of the limits of "must reach" are met;
writes results/bench/<time>.json. ctrl-C prints what there is. --quick: one round of 4 seconds each, which shows that it works and
proves nothing. A run of the default takes about 25 minutes, with --peers about 40. Nothing else should run meanwhile. Exit code: 0; 1 when a limit was missed or a run failed; 2 when it could
not be run.`;

const usualEvents = 100;
const ttftFrom = 200;

/** What one client measured in one round, beside what the null target knows of the same streams. */
export function trialOf(
  row: Row,
  client: Client,
  round: number,
  { reading, samples }: Watched,
  truth: NullTruth,
): Trial {
  const streaming = row.group !== 'embeddings';
  const [first, last] = streaming
    ? [truth.first_ns, truth.last_ns]
    : [truth.embeddings.first_ns, truth.embeddings.last_ns];
  if (first === null || last === null) throw new ToolError('the target saw nothing of it');
  const between = (of: Parameters<typeof valueAt>[2]) => valueAt(samples, last, of) - valueAt(samples, first, of);
  const load_seconds = (last - first) / 1e9;
  const cpu_seconds = between((sample) => sample.cpuSeconds[0]!);
  const target = between((sample) => sample.cpuSeconds[1]!);
  // Of events that come as fast as they can there is no gap to compare with.
  const pair = (measured: number | undefined, is: number | null): Pair | undefined =>
    streaming && measured !== undefined && is !== null && is > 0 ? { measured, truth: is } : undefined;
  const micro = (measured: Distribution | undefined, { p50, p99, max }: Percentiles): Micro | undefined =>
    streaming && row.gap > 0 && measured?.p50 !== undefined && p50 !== null
      ? [1000 * (measured.p50 - p50), 1000 * (measured.p99! - p99!), 1000 * (measured.max! - max!)]
      : undefined;
  const gaps = reading.gapIsMean ? truth.mean_gap : truth.gap;
  return {
    row: row.id,
    client,
    round,
    ttft_p95: pair(reading.ttft?.p95, truth.ttft.p95),
    gap_p95: pair(reading.gap?.p95, gaps.p95),
    gap_p99: pair(reading.gap?.p99, gaps.p99),
    ttft_us: micro(reading.ttft, truth.ttft),
    gap_us: micro(reading.gap, gaps),
    start_seconds: row.group === 'start' && samples[0] ? (first - samples[0].ns) / 1e9 : undefined,
    requests: reading.requests,
    lost: Math.max(reading.lost, truth.unfinished),
    events: streaming ? truth.events : 0,
    load_seconds,
    cpu_seconds,
    cpu_seconds_whole: samples[samples.length - 1]?.cpuSeconds[0] ?? 0,
    memory_bytes: Math.max(reading.memoryBytes ?? 0, ...samples.map((sample) => sample.rssBytes[0]!)),
    target_cpu: target / load_seconds,
    others_cpu: Math.max(0, between((sample) => sample.machineSeconds) - cpu_seconds - target) / load_seconds,
    target_late_p99: truth.lateness.p99,
  };
}

function told(trial: Trial): string {
  const errors = (['ttft_p95', 'gap_p95', 'gap_p99'] as const).flatMap((name) => {
    const pair = trial[name];
    return pair
      ? [
          `${name.replace('_', ' ')} ${pair.measured.toFixed(2)} (truth ${pair.truth.toFixed(2)}, ${(100 * relativeError(pair)).toFixed(2)} %)`,
        ]
      : [];
  });
  return [
    ...errors,
    `${trial.requests} requests, ${trial.lost} lost`,
    `CPU ${trial.cpu_seconds.toFixed(2)} s of ${trial.load_seconds.toFixed(1)} s`,
  ].join(', ');
}

interface Options {
  only: readonly Group[];
  peers: boolean;
  rounds: number;
  seconds: number;
}

function options(args: readonly string[]): Options {
  let given: { peers?: boolean; quick?: boolean; rounds?: string; seconds?: string; only?: string };
  try {
    given = parseArgs({
      args: [...args],
      options: {
        peers: { type: 'boolean' },
        quick: { type: 'boolean' },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        only: { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new ToolError(`${(error as Error).message}; see --help`);
  }
  const whole = (name: 'rounds' | 'seconds', fallback: number, most: number) => {
    const value = given[name] === undefined ? fallback : Number(given[name]);
    if (!Number.isInteger(value) || value < 1 || value > most)
      throw new ToolError(`--${name} is "${given[name]}", but must be a whole number from 1 to ${most}`);
    return value;
  };
  const only = (given.only ?? groups.filter((name) => name !== 'peers').join(','))
    .split(',')
    .map((name) => name.trim());
  const unknown = only.find((name) => !groups.some((each) => each === name));
  if (unknown !== undefined) throw new ToolError(`--only names "${unknown}", but there are ${groups.join(', ')}`);
  return {
    only: only as Group[],
    peers: given.peers ?? false,
    rounds: whole('rounds', given.quick ? 1 : 3, 99),
    seconds: whole('seconds', given.quick ? 4 : 10, 600),
  };
}

/** The machine and the versions, for who reads the figures elsewhere. */
async function machine(): Promise<Record<string, string | number>> {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const words = async (command: string, ...args: string[]) => (await capture(command, args)).stdout.trim();
  return {
    date: new Date().toISOString(),
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 1e9),
    kernel: release(),
    node: process.versions.node,
    go: (await words('go', 'env', 'GOVERSION')) || 'unknown',
    k6: /k6\S* (v\S+)/.exec(await words('bin/k6', 'version'))?.[1] ?? 'unknown',
    project: version,
    commit: await words('git', 'describe', '--always', '--dirty').catch(() => 'unknown'),
  };
}

async function bench({ only, peers, rounds, seconds }: Options): Promise<boolean> {
  if (process.platform !== 'linux' || !which('taskset') || cpus().length < 2)
    throw new ToolError(
      'bench needs Linux with taskset (util-linux) and two cores: it gives client and target a core each and reads /proc',
    );
  await buildK6();
  await bundle();
  await buildGoClient();
  const missing: Partial<Record<Client, string>> = {};
  const rows = plan(only, peers);
  if (peers || only.includes('peers')) Object.assign(missing, await preparePeers());
  const about = await machine();

  const trials: Trial[] = [];
  const failures: string[] = [];
  let child: ChildProcess | undefined;
  let stopped = false;
  process.on('SIGINT', () => {
    if (!stopped) process.stderr.write('stopping; what there is is printed ...\n');
    stopped = true;
    child?.kill('SIGINT');
  });

  const say = (text: string) => process.stdout.write(`${text}\n`);
  let onOne: RunningNullTarget | undefined;
  let onAny: RunningNullTarget | undefined;
  let secure: RunningNullTarget | undefined;
  try {
    onOne = await startNullTarget({ core: 1 });
    onAny = await startNullTarget();
    for (let round = 1; round <= rounds; round++) {
      for (const row of rows) {
        for (const client of row.clients) {
          if (stopped || missing[client]) continue;
          if (row.over) secure ??= await startNullTarget({ core: 1, tls: true });
          const target = row.over ? secure! : row.pinned ? onOne : onAny;
          // The streams begin within the length of one gap, so that their events are spread evenly.
          const ttft: [number, number] = [ttftFrom, ttftFrom + 1.05 * row.gap];
          const events = row.events ?? usualEvents;
          const length = ((ttft[0] + ttft[1]) / 2 + (events - 1) * row.gap) / 1000;
          await target.configure({
            ttft,
            gap: row.gap,
            events,
            shape: row.shape ?? 'constant',
            together: row.together ?? 1,
          });
          await target.clear();
          const label = `round ${round} of ${rounds}, ${row.id}, ${clientNames[client]}`;
          try {
            const watched = await runners[client]({
              row,
              seconds: Math.max(seconds, row.group === 'embeddings' ? 0 : Math.ceil(2 * length)),
              streamSeconds: length,
              base: target.base,
              caFile: target.caFile,
              targetPid: target.process.pid!,
              core: row.pinned ? 0 : undefined,
              onStart: (started) => {
                child = started;
                if (stopped) started.kill('SIGINT');
              },
            });
            if (stopped) continue;
            const trial = trialOf(row, client, round, watched, await target.truth(watched.reading.since));
            trials.push(trial);
            say(`${label}: ${told(trial)}`);
          } catch (error) {
            if (stopped) continue;
            if (!(error instanceof ToolError)) throw error;
            failures.push(`${label}: ${error.message}`);
            say(failures[failures.length - 1]!);
          }
        }
      }
    }
  } finally {
    await onOne?.stop();
    await onAny?.stop();
    await secure?.stop();
    await stopServices();
  }

  const lines = mustReach(rows, trials);
  const file = `results/bench/${about.date!.toString().replace(/[-:]/g, '').replace(/\..*/, '')}.json`;
  mkdirSync('results/bench', { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify({ schema: 1, machine: about, rounds, seconds, complete: !stopped, rows, trials, missing, failures, must_reach: lines satisfies Line[] }, null, 1)}\n`,
  );
  say('');
  say(table(rows, trials, missing));
  say(
    '\nTTFT p95 in ms; error, gap p95, gap p99: measured against the truth of the same run, the median of the rounds by size. TTFT us, gap us: the\nsame for p50 / p99 / the worst, in microseconds. start s: from the command to its first request. CPU ms of the client\nfor 1,000 events (embeddings: requests) over the load, and of its whole process. MB: peak (of several processes the sum). target, others: most of a core used by the target\n(above 95 % it is the limit) and by other programs.\n',
  );
  say(
    Object.entries(about)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
  say(`\n${linesText(lines)}\n\nwritten to ${file}`);
  for (const failure of failures) say(`failed: ${failure}`);
  return failures.length === 0 && lines.every((line) => line.met !== false);
}

const main = async (args: readonly string[]) => ((await bench(options(args))) ? 0 : 1);

if (require.main === module) void runCommand(help, main);
