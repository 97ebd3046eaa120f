import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Calibration, CalibrationPoint } from '../../lib/calibration';
import { columns } from './shared/columns';
import { buildK6, bundle } from '../build/build';
import { k6 } from '../programs/k6';
import { startNullTarget, type RunningNullTarget } from '../programs/null-target';
import { runCommand } from '../programs/command';
import { ToolError } from '../programs/process';

const calibrationFile = '.cache/calibration.json';

const help = `npm run calibrate [-- --seconds 8] [-- --streams 50,100,200,400,800,1200,1600,2000]

Finds out how far this machine's figures are from the truth, by the load: k6 with the suite's whole path against the null target,
which knows when it wrote each event, both on this machine. Prints for each load the errors of TTFT and gaps, the CPU for 1,000
events and the generator's lateness, and keeps them in ${calibrationFile}: every run looks its own load up there, reports its error,
and is INVALID beyond what was measured, or where the error is above MAX_ERROR. Up to 800 streams have 50 events a second each, more
than that 20. Takes about 2 minutes; nothing else should run meanwhile. ctrl-C keeps nothing. Exit code: 0, or 2 when it could not be run.`;

const events = 100;
const ttftFrom = 200;

interface Options {
  seconds: number;
  streams: number[];
}

function options(args: readonly string[]): Options {
  let given: { seconds?: string; streams?: string };
  try {
    given = parseArgs({
      args: [...args],
      options: { seconds: { type: 'string' }, streams: { type: 'string' } },
    }).values;
  } catch (error) {
    throw new ToolError(`${(error as Error).message}; see --help`);
  }
  const seconds = Number(given.seconds ?? 8);
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > 600)
    throw new ToolError(`--seconds is "${given.seconds}", but must be a whole number from 1 to 600`);
  const streams = (given.streams ?? '50,100,200,400,800,1200,1600,2000').split(',').map(Number);
  if (streams.some((n) => !Number.isInteger(n) || n < 1 || n > 10_000))
    throw new ToolError(`--streams is "${given.streams}", but must be a list of whole numbers from 1 to 10000`);
  return { seconds, streams };
}

/** One load. Rejects with {@link ToolError} when k6 wrote no record. */
async function measure(target: RunningNullTarget, streams: number, seconds: number): Promise<CalibrationPoint> {
  const gap = streams <= 800 ? 20 : 50;
  // The streams begin within the length of one gap, so that their events are spread evenly.
  const ttft: [number, number] = [ttftFrom, ttftFrom + 1.05 * gap];
  const length = ((ttft[0] + ttft[1]) / 2 + (events - 1) * gap) / 1000;
  await target.configure({ ttft, gap, events });
  await target.clear();
  const duration = Math.max(seconds, Math.ceil(2 * length)); // or the load is over before so many run at a time
  const { run, stdout, stderr } = await k6('dist/bench-streams.js', {
    env: {
      BASE_URL: target.base,
      API_KEY: 'none',
      MODEL: 'null',
      RATE: (streams / length).toFixed(3),
      DURATION: `${duration}s`,
    },
    args: ['--quiet'],
  });
  if (!run) throw new ToolError(`k6 wrote no run.json: ${(stdout + stderr).trim().split('\n').slice(-6).join(' ')}`);
  const truth = await target.truth(run.started_at);
  const whole = (metric: 'llm_ttft' | 'llm_inter_chunk') =>
    run.metrics[metric]?.find(({ tags }) => Object.keys(tags).length === 0);
  const error = (measured: number | null | undefined, is: number | null): number => {
    if (measured === null || measured === undefined || is === null)
      throw new ToolError(
        `at ${streams} streams nothing was measured: ${run.reasons.map(({ text }) => text).join('; ')}`,
      );
    return Math.abs(measured / is - 1);
  };
  const count = whole('llm_inter_chunk')!.count + whole('llm_ttft')!.count;
  const { instrument } = run;
  return {
    streams,
    events_per_s: (streams / length) * events,
    ttft_p95_error: error(whole('llm_ttft')?.p95, truth.ttft.p95),
    gap_p95_error: error(whole('llm_inter_chunk')?.p95, truth.gap.p95),
    gap_p99_error: error(whole('llm_inter_chunk')?.p99, truth.gap.p99),
    cpu_per_1000_events: (instrument.cpu * run.environment.cpus * run.duration_s * 1e6) / count,
    cpu: instrument.cpu,
    lateness_p99: instrument.wake.p99 ?? 0,
    events_per_read: instrument.events_per_read ?? 1,
    lost: run.counts.failed + run.counts.interrupted + run.phases.reduce((sum, { dropped }) => sum + dropped, 0),
  };
}

/** The points of a calibration as a table for the terminal. */
export function table(points: readonly CalibrationPoint[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
  return columns([
    ['streams', 'events/s', 'TTFT p95', 'gap p95', 'gap p99', 'CPU ms/1,000', 'CPU', 'late p99', 'events/read', 'lost'],
    ...points.map((point) => [
      String(point.streams),
      point.events_per_s.toFixed(0),
      percent(point.ttft_p95_error),
      percent(point.gap_p95_error),
      percent(point.gap_p99_error),
      point.cpu_per_1000_events.toFixed(1),
      percent(point.cpu),
      `${point.lateness_p99.toFixed(2)} ms`,
      point.events_per_read.toFixed(3),
      String(point.lost),
    ]),
  ]);
}

/** Calibrates and keeps the result in `file`. */
export async function calibrate({ seconds, streams }: Options, file: string): Promise<Calibration> {
  await buildK6();
  await bundle();
  const points: CalibrationPoint[] = [];
  const target = await startNullTarget();
  try {
    for (const n of [...streams].sort((a, b) => a - b)) {
      process.stderr.write(`${n} streams ...\n`);
      points.push(await measure(target, n, seconds));
    }
  } finally {
    await target.stop();
  }
  const machine = cpus();
  const calibration: Calibration = {
    schema: 1,
    at: new Date().toISOString(),
    cpu_model: machine[0]?.model ?? 'unknown',
    cpus: machine.length,
    points,
  };
  mkdirSync('.cache', { recursive: true });
  writeFileSync(file, `${JSON.stringify(calibration, null, 1)}\n`);
  return calibration;
}

async function main(args: readonly string[]): Promise<number> {
  const { points, cpu_model, cpus: cores } = await calibrate(options(args), calibrationFile);
  process.stdout.write(
    `${table(points)}\n\nerrors against the truth of the same run; CPU of the generator, the target's not counted; ${cpu_model}, ${cores} cores\nkept in ${calibrationFile}\n`,
  );
  return 0;
}

if (require.main === module) void runCommand(help, main);
