import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debian } from '../debian';
import { query, type Series } from './influxdb-client';
import { scratch } from '../scratch';
import { pinned } from '../process';
import { freePort, startService } from './service';

export interface InfluxDB {
  /** Like http://127.0.0.1:40123; k6 is given `--out influxdb=${url}/k6`. */
  url: string;
  query(db: string, influxql: string): Promise<Series[]>;
  stop(): Promise<void>;
  /** Starts it again after stop(), on the same port with the same data. */
  start(): Promise<void>;
}

/**
 * A real InfluxDB (Debian's package `influxdb`, 1.6, installed when missing and we are root) on a free port of
 * 127.0.0.1, with its configuration and data in a folder that is gone when this process ends; on one core of the
 * machine only where `core` says which (Linux). Rejects with a ToolError in words when it cannot be had.
 */
export async function startInfluxDB(core?: number): Promise<InfluxDB> {
  const [influxd, ...words] = pinned(core, [await debian('influxd', 'influxdb')]);
  const folder = scratch();
  mkdirSync(join(folder, 'meta'), { recursive: true });
  const [http, rpc] = [await freePort(), await freePort()];
  const config = join(folder, 'influxdb.conf');
  // The limits are the server's own defaults, written out because the suite is tested against them: bodies of 25 MB,
  // 1,000,000 series a database, 100,000 values a tag.
  writeFileSync(
    config,
    `
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
`,
  );
  const url = `http://127.0.0.1:${http}`;
  const start = () => startService('InfluxDB', influxd!, [...words, '-config', config], `${url}/ping`);
  let service = await start();
  return {
    url,
    query: (db, influxql) => query({ server: url, name: db }, influxql),
    stop: () => service.stop(),
    start: async () => {
      service = await start();
    },
  };
}
