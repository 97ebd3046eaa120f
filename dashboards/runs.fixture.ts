import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { k6, type K6Run } from '../tools/programs/k6';
import { scratch } from '../tools/programs/scratch';
import { startSimulator } from '../tools/programs/simulator';
import { startSampler } from '../tools/programs/sampler';
import type { Stretch } from '../tools/testing/prometheus';

/*
 * The runs that the dashboards' tests look at: they went to InfluxDB, to Prometheus, or to both.
 */

/**
 * Panels that show nothing in these runs, and only these; each says why in its description. One that has data after all
 * fails the test too: the list stays exact.
 */
export const empty = ['load.json: Dropped'];

/** Whether these have data depends on the machine: only what runs in a container with a limit of CPU can be throttled. */
export const either = ['resources.json: Time in which its container is throttled'];

/** Which of the runs a dashboard is about; the first unless it is told here. */
export const runOf: Record<string, number> = { 'overhead.json': 2, 'sessions.json': 3 };

/** Runs of mixed, spike, overhead and sessions; some requests fail, so that panels of failures have something to show. */
export async function madeRuns(to: {
  influx?: string;
  prometheus?: string;
}): Promise<{ runs: K6Run[]; span: Stretch }> {
  const simulator = await startSimulator();
  const sampler = await startSampler('--pid', String(simulator.process.pid));
  try {
    await simulator.configure({
      gateway: {
        flaws: { billing: { per_s: 20 } },
        keys: { 'gsai-sim-key-2': { scopes: ['models:inference', 'models:embedding'], state: 'active' } },
      },
      provider: { models: { claude_3_haiku: { failure_share: 0.05, failure: '500' } } },
    });
    const keys = join(scratch(), 'keys.txt');
    writeFileSync(keys, 'gsai-sim-key\ngsai-sim-key-2\n');
    const from = Date.now();
    // The gateway's page is Node's, that of a database is Go's.
    const database = to.influx ?? to.prometheus!;
    const pages = {
      METRICS_URLS: `gateway=${new URL('/metrics', simulator.gateway).href},process=${sampler.url},database=${database}/metrics`,
      METRICS_INTERVAL: '1s',
    };
    const base = { BASE_URL: simulator.gateway, API_KEYS_FILE: keys };
    const two = { ...base, MODELS: 'claude_3_haiku,gemini-2.0-flash', ...pages };
    const conversations = { MODEL: 'gemini-2.0-flash', VUS: '8', DURATION: '5s', THINK: '50ms', TURNS: '3' };
    const outs = [
      ...(to.influx ? ['--out', `influxdb=${to.influx}/k6`] : []),
      ...(to.prometheus ? ['--out', 'experimental-prometheus-rw'] : []),
    ];
    const settings: Record<string, string> = to.prometheus
      ? {
          K6_PROMETHEUS_RW_SERVER_URL: `${to.prometheus}/api/v1/write`,
          K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM: 'true',
          K6_PROMETHEUS_RW_PUSH_INTERVAL: '1s',
        }
      : {};
    const runs: K6Run[] = [];
    for (const [script, env] of [
      // Streams enough that the ways in which InfluxDB and k6 round a rank do not matter.
      ['mixed', { ...two, RATE: '40', DURATION: '8s', PLAIN_SHARE: '0.3' }],
      ['spike', { ...two, RATE: '100', DURATION: '12s' }],
      ['overhead', { ...base, PROVIDER_URL: simulator.provider, RATE: '20', DURATION: '4s' }],
      ['sessions', { ...base, ...conversations }],
    ] as const) {
      runs.push(await k6(`dist/${script}.js`, { env, args: outs, settings }));
    }
    for (const { run, stderr } of runs) assert.ok(run && run.counts.finished > 50, stderr);
    return { runs, span: { from, to: Date.now() } };
  } finally {
    await sampler.stop();
    await simulator.stop();
  }
}
