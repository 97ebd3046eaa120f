import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debian } from '../debian';
import { scratch } from '../k6';
import { freePort, startService } from './service';

/** One series of an InfluxQL answer: its columns, and rows of values in their order. Times are ns since the epoch, as JavaScript numbers: exact to about 256 ns. */
export interface Series {
  name: string;
  tags?: Record<string, string>;
  columns: string[];
  values: (string | number | boolean | null)[][];
}

export interface InfluxDB {
  /** Like http://127.0.0.1:40123; k6 is given `--out influxdb=${url}/k6`. */
  url: string;
  query(db: string, influxql: string): Promise<Series[]>;
  stop(): Promise<void>;
  /** Starts it again after stop(), on the same port with the same data. */
  start(): Promise<void>;
}

/**
 * A real InfluxDB (Debian's package `influxdb`, 1.6, installed when missing and we are root) on a free port of 127.0.0.1, with
 * its configuration and data in a folder that is gone when this process ends. Rejects with a ToolError in words when it cannot be had.
 */
export async function startInfluxDB(): Promise<InfluxDB> {
  const influxd = await debian('influxd', 'influxdb');
  const folder = scratch();
  mkdirSync(join(folder, 'meta'), { recursive: true });
  const [http, rpc] = [await freePort(), await freePort()];
  const config = join(folder, 'influxdb.conf');
  // The limits are the server's own defaults, written out because the suite is tested against them: bodies of 25 MB, 1,000,000 series a
  // database, 100,000 values a tag.
  writeFileSync(config, `
reporting-disabled = true
bind-address = "127.0.0.1:${rpc}"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  index-version = "inmem"
  max-series-per-database = 1000000
  max-values-per-tag = 100000
  query-log-enabled = false
[http]
  bind-address = "127.0.0.1:${http}"
  log-enabled = false
  max-body-size = 25000000
[monitor]
  store-enabled = false
[logging]
  level = "warn"
`);
  const url = `http://127.0.0.1:${http}`;
  const start = () => startService('InfluxDB', influxd, ['-config', config], `${url}/ping`);
  let service = await start();
  return {
    url,
    query: (db, influxql) => query(url, db, influxql),
    stop: () => service.stop(),
    start: async () => {
      service = await start();
    },
  };
}

/** Asks an InfluxDB 1.x; rejects with the server's own sentence. Several statements' series are put together in their order. */
export async function query(url: string, db: string, influxql: string): Promise<Series[]> {
  const answer = await fetch(`${url}/query`, { method: 'POST', body: new URLSearchParams({ db, q: influxql, epoch: 'ns' }) });
  const body = (await answer.json()) as { error?: string; results?: { error?: string; series?: Series[] }[] };
  const error = body.error ?? body.results?.find((result) => result.error)?.error;
  if (error) throw new Error(`InfluxDB refused "${influxql}": ${error}`);
  return (body.results ?? []).flatMap((result) => result.series ?? []);
}
