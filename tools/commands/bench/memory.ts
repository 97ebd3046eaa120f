import { parseArgs } from 'node:util';
import { buildK6, bundle } from '../../build/build';
import { k6 } from '../../programs/k6';
import { startNullTarget } from '../../programs/null-target';
import { runCommand } from '../../programs/command';
import { ToolError } from '../../programs/process';
import { watch } from './watch';
import { columns } from '../shared/columns';

const help = `npm run bench:memory [-- --minutes 10] [-- --rate 200]

Whether memory stays bounded: 200 streams a second of 100 events each, 20 ms apart, for ten minutes, and from it what eight hours would
come to. Prints the peak memory of each minute, the slope of the second half (least squares), and how late the generator ever was: a
stall, as of k6's evaluation of thresholds over a growing heap of samples, would show there. Exit code: 0, 1 when eight hours would
not fit in 1 GB, 2 when it could not be run.`;

/** Minutes until what a run needs at first has been taken: the slope is that of the second half. */
const warmAfter = 3;

/** Slope of y over x by least squares. */
export function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  return (
    points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0) /
    points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
  );
}

async function main(args: string[]): Promise<number> {
  let given: { minutes?: string; rate?: string };
  try {
    given = parseArgs({
      args,
      options: { minutes: { type: 'string' }, rate: { type: 'string' } },
    }).values;
  } catch (error) {
    throw new ToolError(`${(error as Error).message}; see --help`);
  }
  const minutes = Number(given.minutes ?? 10);
  const rate = Number(given.rate ?? 200);
  if (!(minutes >= 1 && minutes <= 600))
    throw new ToolError(`--minutes is "${given.minutes}", but must be a number from 1 to 600`);
  if (!(rate > 0 && rate <= 1000))
    throw new ToolError(`--rate is "${given.rate}", but must be a number above 0, at most 1000`);
  await buildK6();
  await bundle();
  const target = await startNullTarget({ args: ['--keep', '1000000'] }); // the truth is not asked for
  try {
    process.stderr.write(`${rate} streams a second for ${minutes} minutes ...\n`);
    const env = {
      BASE_URL: target.base,
      API_KEY: 'none',
      MODEL: 'null',
      RATE: String(rate),
      DURATION: `${minutes * 60}s`,
    };
    const { result, samples } = await watch({ targetPid: target.process.pid!, onStart: () => {} }, (onStart) =>
      k6('dist/bench-streams.js', { env, args: ['--quiet'], onStart }),
    );
    const { run } = result;
    if (!run)
      throw new ToolError(
        `k6 wrote no run.json: ${(result.stdout + result.stderr).trim().split('\n').slice(-6).join(' ')}`,
      );
    const first = samples[0]!.ns;
    const points = samples
      .map((sample) => [(sample.ns - first) / 60e9, sample.rssBytes[0]! / 1e6] as const)
      .filter(([at, mb]) => at <= minutes && mb > 0);
    const peaks = Array.from({ length: Math.ceil(minutes) }, (_, minute) =>
      Math.max(...points.filter(([at]) => at >= minute && at < minute + 1).map(([, mb]) => mb)),
    );
    const perHour = 60 * slope(points.filter(([at]) => at >= minutes / 2));
    const eight = peaks[peaks.length - 1]! + Math.max(0, perHour) * (8 - minutes / 60);
    const warm = minutes >= 2 * warmAfter;
    const { wake, read_delay } = run.instrument;
    process.stdout.write(
      `${columns([['minute', 'peak MB'], ...peaks.map((mb, minute) => [String(minute + 1), mb.toFixed(0)])])}\n\n` +
        `${run.counts.finished} streams, ${run.counts.failed + run.counts.interrupted} failed, ${read_delay.count} events; verdict ${run.verdict}\n` +
        (warm
          ? `slope of the second half ${perHour.toFixed(1)} MB/h; eight hours would come to ${eight.toFixed(0)} MB\n`
          : `less than ${warmAfter * 2} minutes are the warm-up alone, and say nothing of eight hours\n`) +
        `generator's lateness p99 ${wake.p99?.toFixed(2)} ms, at most ${wake.max?.toFixed(1)} ms; read after the kernel's stamp p99 ${read_delay.p99?.toFixed(2)} ms, at most ${read_delay.max?.toFixed(1)} ms\n`,
    );
    return (!warm || eight < 1000) && run.counts.failed + run.counts.interrupted === 0 ? 0 : 1;
  } finally {
    await target.stop();
  }
}

if (require.main === module) void runCommand(help, main);
