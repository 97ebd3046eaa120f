import type { RunRecord } from '../../../lib/summary';
import { k6 } from '../../programs/k6';
import { capture, ToolError } from '../../programs/process';
import { startInfluxDB, type InfluxDB } from '../../programs/services/influxdb';
import type { Client } from './figures';
import { aiperf, guidellm } from './peers';
import type { Sample } from '../../programs/process-tree';
import { watch, watchCommand, type Distribution, type Order, type Runner } from './watch';

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
    '-member',
    { tools: 'arguments', reasoning: 'reasoning_content' }[row.shape as string] ?? 'content',
    ...(order.caFile === undefined ? [] : ['-ca', order.caFile]),
    ...(row.over === 'HTTP/2' ? ['-http2'] : []),
  ];
  const { result, samples } = await watchCommand(order, command);
  const said = JSON.parse(result.stdout) as {
    ttft: Required<Distribution>;
    gap: Required<Distribution>;
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
  (args: readonly string[] = [], streams = 'bench-streams', more: Record<string, string> = {}): Runner =>
  async (order) => {
    const { row, base, seconds, core, streamSeconds } = order;
    // Streams that last longer than the objectives allow need more users than Little's law gives them.
    const wanted = row.users ?? (streamSeconds > 4 ? Math.ceil(1.1 * row.streams) : undefined);
    const users: Record<string, string> = wanted === undefined ? {} : { VUS: String(wanted) };
    const env = { BASE_URL: base, API_KEY: 'none', MODEL: 'null', EMBEDDING_MODEL: 'null', DURATION: `${seconds}s` };
    const tls: Record<string, string> = order.caFile === undefined ? {} : { CA_FILE: order.caFile };
    const load: Record<string, string> =
      row.group === 'embeddings' || row.closed
        ? { VUS: String(row.streams) }
        : { RATE: rateOf(order), ...users, ...(row.burst ? { BURST: String(row.burst) } : {}) };
    const script = `dist/${row.group === 'embeddings' ? 'bench-embeddings' : streams}.js`;
    const { result, samples } = await watch(order, (onStart) =>
      k6(script, {
        env: { ...env, ...tls, ...load, ...more },
        args: ['--quiet', ...args],
        core,
        onStart,
        settings: row.over === 'HTTP/2' ? { K6_SSE_HTTP2: '1' } : {},
      }),
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
        ttft: ttft && { p50: ttft.p50!, p95: ttft.p95!, p99: ttft.p99!, max: ttft.max! },
        gap: gap && { p50: gap.p50!, p95: gap.p95!, p99: gap.p99!, max: gap.max! },
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
  ttft: project([], 'ttft'),
  influx,
  requests: project([], 'bench-streams', { REQUESTS: 'all' }),
  handler,
  'http-post': httpPost,
  aiperf,
  guidellm,
};
