import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debian } from '../programs/debian';
import { scratch } from '../programs/scratch';
import { freePort, startService } from '../programs/services/service';

/** One series of an instant query: its labels, and its value at the time asked for. */
export interface PrometheusValue {
  labels: Record<string, string>;
  value: number;
}

export interface Prometheus {
  url: string;
  /** What `K6_PROMETHEUS_RW_SERVER_URL` is given. */
  writeUrl: string;
  query(promql: string): Promise<PrometheusValue[]>;
  stop(): Promise<void>;
}

/**
 * A real Prometheus (Debian's package, 2.42, installed when missing and we are root) on a free port of 127.0.0.1 that
 * takes remote writes, with its data in a folder that is gone when this process ends. `pages` are host:port addresses
 * to scrape every second. Rejects with a ToolError in words when it cannot be had.
 */
export async function startPrometheus(pages: readonly string[] = []): Promise<Prometheus> {
  const command = await debian('prometheus', 'prometheus');
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
    '--log.level=warn',
  ];
  const service = await startService('Prometheus', command, args, `${url}/-/ready`);
  return { url, writeUrl: `${url}/api/v1/write`, query: (promql) => query(url, promql), stop: () => service.stop() };
}

async function query(url: string, promql: string): Promise<PrometheusValue[]> {
  const answer = await fetch(`${url}/api/v1/query`, { method: 'POST', body: new URLSearchParams({ query: promql }) });
  const body = (await answer.json()) as {
    error?: string;
    data?: { result: { metric: Record<string, string>; value: [number, string] }[] };
  };
  if (body.error || !body.data) throw new Error(`Prometheus refused "${promql}": ${body.error ?? answer.status}`);
  return body.data.result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
}
