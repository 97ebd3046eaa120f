import type { ChildProcess } from 'node:child_process';
import type { RunRecord } from '../../lib/summary';
import { k6 } from '../k6';
import { capture, pinned, ToolError, type Ran } from '../processes';
import { startInfluxDB, type InfluxDB } from '../services/influxdb';
import type { Client, Row } from './figures';
import { aiperf, guidellm } from './peers';
import { TreeMeter, type Sample } from './process-tree';

/** One run to be made. */
export interface Order {
  row: Row;
  /** Streams are begun for so long. */
  seconds: number;
  /** The length of one stream. */
  streamSeconds: number;
  base: string;
  targetPid: number;
  /** The core that the client may use; any when undefined. */
  core: number | undefined;
  onStart: (child: ChildProcess) => void;
}

/** What a client says that it measured; ms. */
export interface Reading {
  ttft?: { p95: number };
  gap?: { p95: number; p99: number };
  /** What stands in `gap` are means of streams, not gaps. */
  gapIsMean?: boolean;
  requests: number;
  lost: number;
  /** Where the client tells its own peak. */
  memoryBytes?: number;
  /** ISO 8601: what the target received before is no part of the load. */
  since?: string;
}

export interface Watched {
  reading: Reading;
  /** Tree 0 is the client's, tree 1 the target's. */
  samples: readonly Sample[];
}

export type Runner = (order: Order) => Promise<Watched>;

/** Runs something with its process tree and the target's watched. */
export async function watch<T>(
  order: Pick<Order, 'targetPid' | 'onStart'>,
  start: (onStart: (child: ChildProcess) => void) => Promise<T>,
): Promise<{ result: T; samples: readonly Sample[] }> {
  let meter: TreeMeter | undefined;
  try {
    const result = await start((child) => {
      if (child.pid !== undefined) meter = new TreeMeter([child.pid, order.targetPid]);
      order.onStart(child);
    });
    return { result, samples: meter?.stop() ?? [] };
  } catch (error) {
    meter?.stop();
    throw error;
  }
}

/** Runs a command, watched. Throws {@link ToolError} with its last words when it fails. */
export async function watchCommand(
  order: Order,
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  cwd?: string,
): Promise<{ result: Ran; samples: readonly Sample[] }> {
  const [first, ...args] = pinned(order.core, command);
  const watched = await watch(order, (onStart) => capture(first!, args, { env, onStart, cwd }));
  const { code, stderr, stdout } = watched.result;
  if (code !== 0)
    throw new ToolError(
      `${command[0]} ended with ${code}: ${(stderr.trim() || stdout.trim()).split('\n').slice(-4).join(' ')}`,
    );
  return watched;
}

/** Builds the bare Go client. Takes a second when it is up to date. */
export async function buildGoClient(): Promise<void> {
  const { code, stderr } = await capture('go', ['build', '-trimpath', '-o', '../../bin/bench-client', '.'], {
    cwd: 'bench/client',
  });
  if (code !== 0) throw new ToolError(`bin/bench-client could not be built: ${stderr.trim()}`);
}

/** Streams to begin in a second, so that by Little's law as many are in flight as the row wants. */
const rateOf = ({ row, streamSeconds }: Order) => (row.streams / streamSeconds).toFixed(3);

const go: Runner = async (order) => {
  const { row, base, seconds } = order;
  const command = [
    'bin/bench-client',
    '-base',
    base,
    '-rate',
    rateOf(order),
    '-duration',
    `${seconds}s`,
    '-burst',
    String(row.burst ?? 1),
  ];
  const { result, samples } = await watchCommand(order, command);
  const said = JSON.parse(result.stdout) as {
    ttft: { p95: number };
    gap: { p95: number; p99: number };
    streams: number;
    lost: number;
    max_rss_bytes: number;
  };
  return {
    reading: {
      ttft: said.ttft,
      gap: said.gap,
      requests: said.streams,
      lost: said.lost,
      memoryBytes: said.max_rss_bytes,
    },
    samples,
  };
};

const total = (run: RunRecord, metric: 'llm_ttft' | 'llm_inter_chunk') =>
  run.metrics[metric]?.find(({ tags }) => Object.keys(tags).length === 0);

const project =
  (args: readonly string[] = []): Runner =>
  async (order) => {
    const { row, base, seconds, core } = order;
    const env = { BASE_URL: base, API_KEY: 'none', MODEL: 'null', EMBEDDING_MODEL: 'null', DURATION: `${seconds}s` };
    const load: Record<string, string> =
      row.group === 'embeddings'
        ? { VUS: String(row.streams) }
        : { RATE: rateOf(order), ...(row.burst ? { BURST: String(row.burst) } : {}) };
    const script = row.group === 'embeddings' ? 'dist/bench-embeddings.js' : 'dist/bench-streams.js';
    const { result, samples } = await watch(order, (onStart) =>
      k6(script, { env: { ...env, ...load }, args: ['--quiet', ...args], core, onStart }),
    );
    const { run } = result;
    if (run?.outputs) throw new ToolError(`${run.outputs[0]!.name} did not keep all: ${run.outputs[0]!.messages[0]}`);
    if (!run)
      throw new ToolError(
        `k6 wrote no run.json: ${(result.stdout + result.stderr).trim().split('\n').slice(-6).join(' ')}`,
      );
    const ttft = total(run, 'llm_ttft');
    const gap = total(run, 'llm_inter_chunk');
    return {
      reading: {
        ttft: ttft && { p95: ttft.p95! },
        gap: gap && { p95: gap.p95!, p99: gap.p99! },
        requests: run.counts.finished,
        lost: run.counts.failed + run.counts.interrupted + run.phases.reduce((sum, { dropped }) => sum + dropped, 0),
        memoryBytes: run.instrument.max_rss_bytes,
        since: run.started_at,
      },
      samples,
    };
  };

/** A bundled k6 script whose handleSummary prints JSON. */
async function plainK6<T>(order: Order, script: string): Promise<{ said: T; samples: readonly Sample[] }> {
  const { row, base, seconds, streamSeconds } = order;
  const env = Object.entries({
    BASE_URL: base,
    VUS: row.streams,
    DURATION: `${seconds}s`,
    SPREAD: streamSeconds,
  }).flatMap(([name, value]) => ['-e', `${name}=${value}`]);
  const { result, samples } = await watchCommand(order, ['bin/k6', 'run', '--quiet', '--no-color', script, ...env], {
    ...process.env,
    K6_AUTO_EXTENSION_RESOLUTION: 'false',
    K6_NO_USAGE_REPORT: 'true',
  });
  return { said: JSON.parse(result.stdout) as T, samples };
}

const handler: Runner = async (order) => {
  const { said, samples } = await plainK6<{
    ttft: { p95: number };
    gap: { p95: number; p99: number };
    streams: number;
    lost: number;
  }>(order, 'dist/bench-handler.js');
  return { reading: { ttft: said.ttft, gap: said.gap, requests: said.streams, lost: said.lost }, samples };
};

const httpPost: Runner = async (order) => {
  const { said, samples } = await plainK6<{ requests: number; lost: number }>(order, 'dist/bench-http-post.js');
  return { reading: { requests: said.requests - said.lost, lost: said.lost }, samples };
};

let influxdb: Promise<InfluxDB> | undefined;

/** A real InfluxDB on the target's core takes every sample; the first such run starts it. */
const influx: Runner = async (order) => {
  influxdb ??= startInfluxDB(order.core === undefined ? undefined : 1);
  const { url } = await influxdb;
  return project(['--out', `influxdb=${url}/k6`])(order);
};

/** Ends what a run has started and later ones use. */
export async function stopServices(): Promise<void> {
  await (await influxdb?.catch(() => undefined))?.stop();
  influxdb = undefined;
}

export const runners: Record<Client, Runner> = {
  go,
  project: project(),
  influx,
  handler,
  'http-post': httpPost,
  aiperf,
  guidellm,
};
