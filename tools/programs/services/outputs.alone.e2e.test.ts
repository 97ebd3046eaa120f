import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { influxEdition } from '../../../dashboards/editions';
import { substitute } from '../../../dashboards/grafana.fixture';
import { pages } from '../../../dashboards/pages';
import type { RunRecord } from '../../../lib/summary';
import { main } from '../../commands/influx/import';
import { k6, type K6Run } from '../k6';
import { scratch } from '../scratch';
import { sharedWithInfluxDB } from '../../testing/shared-simulator';
import { meter, samplesIn } from './outputs.fixture';
import { freePort } from './service';

/*
 * What arrives in a real InfluxDB, compared with k6's own list of all samples (--out json) of the same run; and what a
 * run says when it cannot arrive.
 */

const { simulator, influx } = sharedWithInfluxDB();

/** Points by measurement. */
async function pointsIn(db: string): Promise<Record<string, number>> {
  const series = await influx().query(db, 'SELECT count("value") FROM /.*/');
  return Object.fromEntries(series.map(({ name, values }) => [name, Number(values[0]![1])]));
}

const sorted = (counts: Record<string, number>) =>
  Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
const run = (
  script: string,
  db: string,
  env: Record<string, string>,
  more: { url?: string; args?: string[]; onStart?: (child: ChildProcess) => void } = {},
): Promise<K6Run> =>
  k6(`dist/${script}.js`, {
    env: { BASE_URL: simulator().gateway, API_KEY: 'gsai-sim-key', ...env },
    args: ['--out', `influxdb=${more.url ?? influx().url}/${db}`, ...(more.args ?? [])],
    onStart: more.onStart,
  });

test('at 500 requests a second each measurement has as many points as k6 made samples', async (t) => {
  const { url, sizes, server } = await meter(influx().url);
  const file = join(scratch(), 'samples.json');
  const { run: record, stderr } = await run(
    'peak',
    'counts',
    { RATE: '500', DURATION: '5s' },
    { url, args: ['--out', `json=${file}`] },
  );
  server.close();
  assert.ok(record, stderr);
  assert.ok(
    record.phases.every(({ phase, wanted_rate }) => phase !== 'load' || wanted_rate > 450),
    JSON.stringify(record.phases),
  );
  const points = await pointsIn('counts');
  assert.deepEqual(sorted(points), sorted(await samplesIn(file)));
  assert.equal(points.llm_started, record.counts.started);
  assert.equal(record.outputs, undefined, 'nothing was lost');

  const largest = Math.max(...sizes);
  assert.ok(largest < 25e6);
  t.diagnostic(
    `${Object.values(points).reduce((sum, n) => sum + n, 0)} points in ${sizes.length} writes, the largest ${(largest / 1e6).toFixed(2)} MB`,
  );

  const column = async (influxql: string, name: string) =>
    [
      ...new Set(
        (await influx().query('counts', influxql)).flatMap(({ columns, values }) =>
          values.map((row) => String(row[columns.indexOf(name)])),
        ),
      ),
    ].sort();
  const ours = ['agency', 'family', 'kind', 'model', 'outcome', 'phase', 'run_id', 'script', 'size', 'verdict'];
  const k6s = ['expected_response', 'group', 'method', 'name', 'proto', 'scenario', 'status'];
  for (const key of await column('SHOW TAG KEYS', 'tagKey'))
    assert.ok([...ours, ...k6s].includes(key), `${key} is a tag`);
  assert.ok((await column('SHOW FIELD KEYS', 'fieldKey')).includes('url'), 'the address is a field');
  const cardinality = Number(
    (await influx().query('counts', 'SHOW SERIES EXACT CARDINALITY')).reduce(
      (sum, { values }) => sum + Number(values[0]![0]),
      0,
    ),
  );
  assert.ok(cardinality > 0 && cardinality < 1000, `${cardinality} series`);
  t.diagnostic(`${cardinality} series`);
});

test('InfluxDB refuses from the first to the last write: the run is judged as without it, and tells the whole loss', async () => {
  const {
    run: record,
    code,
    stdout,
    folder,
  } = await run('smoke', 'none', { RATE: '40', DURATION: '5s' }, { url: `http://127.0.0.1:${await freePort()}` });
  assert.deepEqual([record?.verdict, code], ['PASS', 0], stdout);
  const [output] = record!.outputs!;
  assert.equal(output!.name, 'InfluxDBv1');
  assert.match(output!.messages[0]!, /connection refused/);
  assert.equal(output!.holes.length, 1);
  const ended = Date.parse(record!.started_at) + record!.duration_s * 1000;
  assert.ok(
    Date.parse(output!.holes[0]!.from) <= Date.parse(record!.started_at) && Date.parse(output!.holes[0]!.to) >= ended,
    'from before the load until after teardown',
  );
  assert.ok(output!.holes[0]!.lost_samples > 10 * record!.counts.started, JSON.stringify(output));
  assert.ok(stdout.includes(`npm run influx:import -- ${folder}`), stdout);
});

test('InfluxDB takes writes and never answers: load, verdict and run.json are as without it, and ctrl-C ends the k6 that waits for it', async () => {
  let writes = 0;
  const server = createServer((from, to) => {
    from.resume();
    if (!from.url!.startsWith('/write')) to.end('{"results":[]}');
    // An empty write asks whether it may.
    else if (from.headers['content-length'] === '0' || ++writes === 1) to.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const out = join(scratch(), 'results');
  let judged: RunRecord | undefined;
  const { code } = await run(
    'smoke',
    'k6',
    { RATE: '40', DURATION: '4s', OUT: out },
    {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      onStart: (k6) => {
        const look = setInterval(() => {
          const folder = existsSync(out) ? readdirSync(out)[0] : undefined;
          if (folder === undefined || !existsSync(join(out, folder, 'run.json'))) return;
          judged = JSON.parse(readFileSync(join(out, folder, 'run.json'), 'utf8')) as RunRecord;
          k6.kill('SIGINT'); // k6 has its own trap until the load's last words are through: again until it has ended
        }, 200);
        k6.once('exit', () => clearInterval(look));
      },
    },
  );
  server.closeAllConnections();
  server.close();
  assert.equal(judged?.verdict, 'PASS');
  assert.equal(judged.counts.finished, judged.counts.started);
  assert.ok(writes >= 4, `${writes} writes`);
  assert.notEqual(code, 0);
});

test('InfluxDB is killed and started again in mid-run: nothing but the loss is told, and run.json fills the hole to the last sample', async (t) => {
  const file = join(scratch(), 'samples.json');
  let killed = 0;
  let back = 0;
  const {
    run: record,
    code,
    stdout,
    folder,
  } = await run(
    'smoke',
    'hole',
    { RATE: '60', DURATION: '12s' },
    {
      args: ['--out', `json=${file}`],
      onStart: (k6) => {
        let failed = 0;
        const stop = async () => {
          // In mid-load, with seconds stored before it.
          for (let seconds = 0; seconds < 3; )
            seconds =
              (
                await influx()
                  .query(
                    'hole',
                    'SELECT count("value") FROM "llm_started" WHERE time > now() - 1m GROUP BY time(1s) fill(none)',
                  )
                  .catch(() => [])
              )[0]?.values.length ?? 0;
          killed = Date.now();
          await influx().stop();
        };
        const stopped = stop();
        k6.stderr!.on('data', (text: Buffer) => {
          failed += text.toString().split("Couldn't write stats").length - 1;
          if (failed >= 4 && back === 0) {
            back = Date.now();
            void stopped.then(() => influx().start());
          }
        });
      },
    },
  );
  assert.deepEqual([record?.verdict, code], ['PASS', 0], stdout);
  assert.ok(killed > 0 && back > killed);
  assert.deepEqual(
    record!.phases.map(({ sent, due, dropped }) => [sent === due, dropped]),
    [[true, 0]],
    'all of the load was sent',
  );
  const seconds = record!.timeline.filter(({ ttft }) => ttft && ttft.count >= 10).map(({ ttft }) => ttft!.p50!);
  assert.ok(
    Math.max(...seconds) / Math.min(...seconds) < 1.25,
    `median TTFT by second, in the hole and out of it: ${seconds.join(', ')}`,
  );
  const [output] = record!.outputs!;
  assert.equal(record!.outputs!.length, 1);
  assert.equal(output!.holes.length, 1, JSON.stringify(output));
  const [from, to] = [Date.parse(output!.holes[0]!.from), Date.parse(output!.holes[0]!.to)];
  assert.ok(
    Math.abs(from - killed) < 2000 && to >= back - 1000 && to < back + 2000,
    `killed ${killed}, back ${back}, told ${from} to ${to}`,
  );

  const counts = await samplesIn(file);
  const holed = await pointsIn('hole');
  const lost = Object.keys(counts).reduce((sum, name) => sum + counts[name]! - (holed[name] ?? 0), 0);
  assert.ok(
    lost > 0 && Math.abs(output!.holes[0]!.lost_samples / lost - 1) < 0.5,
    `${output!.holes[0]!.lost_samples} samples lost as told, ${lost} in truth`,
  );
  t.diagnostic(
    `${lost} of ${Object.values(counts).reduce((sum, n) => sum + n, 0)} samples lost, ${output!.holes[0]!.lost_samples} told`,
  );

  // What the dashboards show of the hole's inner seconds: nothing, then all.
  const span = { from: from + 1000, to: to - 1000, intervalMs: 1000 };
  const shown = async () => {
    const values = { run: record!.run_id, script: '.*', model: '.*', provider: '.*', agency: '.*' };
    const panels = ['overview', 'streaming', 'load'].flatMap((name) =>
      pages.find((page) => page.name === name)!.panels.map((panel) => panel(influxEdition).build()),
    );
    const found: string[] = [];
    for (const { title, targets } of panels) {
      for (const { query } of targets as unknown as { query: string }[]) {
        const series = await influx().query('hole', substitute(query, values, span));
        if (series.some(({ values }) => values.some((row) => row.slice(1).some((value) => value !== null))))
          found.push(title!);
      }
    }
    return { found: [...new Set(found)], all: [...new Set(panels.map(({ title }) => title!))] };
  };
  const before = await shown();
  assert.deepEqual(before.found, []);

  const filling = (...args: string[]) => main([folder!, '--url', `${influx().url}/hole`, ...args]);
  assert.match(await filling('--dry-run'), / would be filled into /);
  assert.deepEqual(await pointsIn('hole'), holed, 'a dry run writes nothing');
  t.diagnostic(await filling());
  const after = await shown();
  // k6's own metrics and the CPU by the second are not in run.json; the verdict lies at the end; nothing was dropped.
  assert.deepEqual(after.all.filter((title) => !after.found.includes(title)).sort(), [
    'CPU of the generator',
    'Dropped',
    'VUs',
    'Verdict',
  ]);

  const filled = await pointsIn('hole');
  for (const [name, count] of Object.entries(counts)) {
    if (!name.startsWith('llm_') || name === 'llm_generator_cpu') continue;
    // of these run.json has no count of samples
    const near = ['llm_inter_chunk', 'llm_in_flight', 'llm_wanted_rate'].includes(name);
    if (near) assert.ok(Math.abs(filled[name]! / count - 1) < 0.15, `${name}: ${filled[name]} instead of ${count}`);
    else assert.equal(filled[name], count, name);
  }
  const ended = await influx().query('hole', 'SELECT sum("value") FROM "llm_finished" GROUP BY "kind", "outcome"');
  const byKind = Object.fromEntries(
    ended.map(({ tags, values }) => [`${tags!.kind} ${tags!.outcome}`, Number(values[0]![1])]),
  );
  const truth: Record<string, number> = {};
  for (const { tags, outcome, count } of record!.outcomes)
    truth[`${tags.kind} ${outcome}`] = (truth[`${tags.kind} ${outcome}`] ?? 0) + count;
  assert.deepEqual(sorted(byKind), sorted(truth), 'by kind and outcome too');
  const [p95] = await influx().query('hole', 'SELECT percentile("value", 95) FROM "llm_ttft"');
  const whole = record!.metrics.llm_ttft!.find(({ tags }) => Object.keys(tags).length === 0)!.p95!;
  assert.ok(
    Math.abs(Number(p95!.values[0]![1]) / whole - 1) < 0.01,
    `p95 ${String(p95!.values[0]![1])}, ${whole} in run.json`,
  );

  assert.match(await filling(), /: nothing to fill in$/);
  assert.deepEqual(await pointsIn('hole'), filled, 'a second time changes nothing');
});
