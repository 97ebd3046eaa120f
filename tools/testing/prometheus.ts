import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debian } from '../programs/debian';
import { scratch } from '../programs/scratch';
import { freePort, startService } from '../programs/services/service';

/** One series of an instant query: its labels, and its value at the time asked for (NaN of a histogram). */
export interface PrometheusValue {
  labels: Record<string, string>;
  value: number;
}

/** A stretch of time in ms. */
export interface Stretch {
  from: number;
  to: number;
}

export interface Prometheus {
  url: string;
  /** What `K6_PROMETHEUS_RW_SERVER_URL` is given. */
  writeUrl: string;
  /** At a time in ms, or now. */
  query(promql: string, at?: number): Promise<PrometheusValue[]>;
  /** How many values each series has, one for each second. */
  points(promql: string, stretch: Stretch): Promise<number[]>;
  /** The values of a label among the series that a selector finds. */
  labelValues(label: string, selector: string): Promise<string[]>;
  stop(): Promise<void>;
}

/**
 * A real Prometheus (Debian's package, 2.42, installed when missing and we are root) on a free port of 127.0.0.1 that
 * takes remote writes (native histograms too), with its data in a folder that is gone when this process ends. `pages` are host:port addresses
 * to scrape every second. Rejects with a ToolError in words when it cannot be had.
 */
export async function startPrometheus(pages: readonly string[] = [], binary?: string): Promise<Prometheus> {
  const command = binary ?? (await debian('prometheus', 'prometheus'));
  const folder = scratch();
  const config = join(folder, 'prometheus.yml');
  const jobs = pages.length > 0 ? [{ job_name: 'pages', static_configs: [{ targets: pages }] }] : [];
  writeFileSync(config, JSON.stringify({ global: { scrape_interval: '1s' }, scrape_configs: jobs })); // JSON is YAML
  const url = `http://127.0.0.1:${await freePort()}`;
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=${url.slice('http://'.length)}`,
    '--web.enable-remote-write-receiver',
    '--enable-feature=native-histograms',
    '--log.level=warn',
  ];
  const service = await startService('Prometheus', command, args, `${url}/-/ready`);
  return {
    url,
    writeUrl: `${url}/api/v1/write`,
    async query(promql, at) {
      const when: Record<string, string> = at === undefined ? {} : { time: String(at / 1000) };
      const { result } = await ask<{ result: Found[] }>(url, 'query', { query: promql, ...when });
      return result.map(({ metric, value }) => ({ labels: metric, value: value ? Number(value[1]) : Number.NaN }));
    },
    async points(promql, { from, to }) {
      const range = { start: String(from / 1000), end: String(to / 1000), step: '1' };
      const { result } = await ask<{ result: Found[] }>(url, 'query_range', { query: promql, ...range });
      return result.map(
        ({ values = [], histograms = [] }) =>
          histograms.length + values.filter(([, value]) => Number.isFinite(Number(value))).length,
      );
    },
    labelValues: (label, selector) => ask<string[]>(url, `label/${label}/values`, { 'match[]': selector }, 'GET'),
    stop: () => service.stop(),
  };
}

interface Found {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
  histograms?: unknown[];
}

async function ask<T>(url: string, path: string, fields: Record<string, string>, method = 'POST'): Promise<T> {
  const body = new URLSearchParams(fields);
  const answer =
    method === 'POST'
      ? await fetch(`${url}/api/v1/${path}`, { method, body })
      : await fetch(`${url}/api/v1/${path}?${body.toString()}`);
  const { error, data } = (await answer.json()) as { error?: string; data?: T };
  if (error || data === undefined)
    throw new Error(`Prometheus refused "${Object.values(fields)[0]}": ${error ?? answer.status}`);
  return data;
}
