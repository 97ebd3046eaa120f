import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { k6, scratch, type K6Run } from '../k6';
import { startSimulator, type Simulator } from '../processes';
import { startInfluxDB, type InfluxDB } from './influxdb';
import { freePort } from './service';

/*
 * What arrives in a real InfluxDB, held against k6's own list of all samples (--out json) of the same run; and what a run says when it
 * cannot arrive.
 */

let influx: InfluxDB;
let simulator: Simulator;

before(async () => {
  [influx, simulator] = await Promise.all([startInfluxDB(), startSimulator()]);
});
after(async () => {
  await simulator?.stop();
  await influx?.stop();
});

/** Passes everything on to InfluxDB and notes how large each write was. */
async function meter(): Promise<{ url: string; sizes: number[]; server: Server }> {
  const sizes: number[] = [];
  const server = createServer((from, to) => {
    let size = 0;
    from.on('data', (chunk: Buffer) => (size += chunk.length));
    from.on('end', () => from.url!.startsWith('/write') && sizes.push(size));
    const passed = request(`${influx.url}${from.url}`, { method: from.method, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(to);
    });
    passed.on('error', () => to.destroy());
    from.pipe(passed);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sizes, server };
}

/** Samples by metric in the file of k6's JSON output; every value must be a number. */
async function samplesIn(file: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const { type, metric, data } = JSON.parse(line) as { type: string; metric: string; data: { value?: unknown } };
    if (type !== 'Point') continue;
    assert.equal(typeof data.value, 'number', line); // k6 writes null for Infinity and NaN
    counts[metric] = (counts[metric] ?? 0) + 1;
  }
  return counts;
}

/** Points by measurement. */
async function pointsIn(db: string): Promise<Record<string, number>> {
  const series = await influx.query(db, 'SELECT count("value") FROM /.*/');
  return Object.fromEntries(series.map(({ name, values }) => [name, Number(values[0]![1])]));
}

const sorted = (counts: Record<string, number>) => Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
const run = (script: string, db: string, env: Record<string, string>, more: { url?: string; args?: string[]; onStart?: () => void } = {}): Promise<K6Run> =>
  k6(`dist/${script}.js`, { env: { BASE_URL: simulator.gateway, API_KEY: 'gsai-sim-key', ...env }, args: ['--out', `influxdb=${more.url ?? influx.url}/${db}`, ...(more.args ?? [])], onStart: more.onStart });

test('at 500 requests a second each measurement has as many points as k6 made samples', async (t) => {
  const { url, sizes, server } = await meter();
  const file = join(scratch(), 'samples.json');
  const { run: record, stderr } = await run('peak', 'counts', { RATE: '500', DURATION: '5s' }, { url, args: ['--out', `json=${file}`] });
  server.close();
  assert.ok(record, stderr);
  assert.ok(record.phases.every(({ phase, wanted_rate }) => phase !== 'load' || wanted_rate > 450), JSON.stringify(record.phases));
  const points = await pointsIn('counts');
  assert.deepEqual(sorted(points), sorted(await samplesIn(file)));
  assert.equal(points.llm_started, record.counts.started);
  assert.equal(record.outputs, undefined, 'nothing was lost');

  const largest = Math.max(...sizes);
  assert.ok(largest < 25e6);
  t.diagnostic(`${Object.values(points).reduce((sum, n) => sum + n, 0)} points in ${sizes.length} writes, the largest ${(largest / 1e6).toFixed(2)} MB`);

  const column = async (influxql: string, name: string) => [...new Set((await influx.query('counts', influxql)).flatMap(({ columns, values }) => values.map((row) => String(row[columns.indexOf(name)]))))].sort();
  const ours = ['agency', 'family', 'kind', 'model', 'outcome', 'phase', 'run_id', 'script', 'size', 'verdict'];
  const k6s = ['expected_response', 'group', 'method', 'name', 'proto', 'scenario', 'status'];
  for (const key of await column('SHOW TAG KEYS', 'tagKey')) assert.ok([...ours, ...k6s].includes(key), `${key} is a tag`);
  assert.ok((await column('SHOW FIELD KEYS', 'fieldKey')).includes('url'), 'the address is a field');
  const cardinality = Number((await influx.query('counts', 'SHOW SERIES EXACT CARDINALITY')).reduce((sum, { values }) => sum + Number(values[0]![0]), 0));
  assert.ok(cardinality > 0 && cardinality < 1000, `${cardinality} series`);
  t.diagnostic(`${cardinality} series`);
});

test('InfluxDB refuses from the first to the last write: the run is judged as without it, and tells the whole loss', async () => {
  const { run: record, code, stdout, folder } = await run('smoke', 'none', { RATE: '40', DURATION: '5s' }, { url: `http://127.0.0.1:${await freePort()}` });
  assert.deepEqual([record?.verdict, code], ['PASS', 0], stdout);
  const [output] = record!.outputs!;
  assert.equal(output!.name, 'InfluxDBv1');
  assert.match(output!.messages[0]!, /connection refused/);
  assert.equal(output!.holes.length, 1);
  const ended = Date.parse(record!.started_at) + record!.duration_s * 1000;
  assert.ok(Date.parse(output!.holes[0]!.from) <= Date.parse(record!.started_at) && Date.parse(output!.holes[0]!.to) >= ended, 'from before the load until after teardown');
  assert.ok(output!.holes[0]!.lost_samples > 10 * record!.counts.started, JSON.stringify(output));
  assert.ok(stdout.includes(`npm run influx:import -- ${folder}`), stdout);
});
