import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { merge, quantile } from '../lib/statistics';
import { dashboardFiles } from '../tools/commands/dashboards';
import type { Series } from '../tools/programs/services/influxdb-client';
import { k6, type K6Run } from '../tools/programs/k6';
import { scratch } from '../tools/programs/scratch';
import { startSimulator, type Simulator } from '../tools/programs/simulator';
import { startSampler, type Sampler } from '../tools/programs/sampler';
import { startInfluxDB, type InfluxDB } from '../tools/programs/services/influxdb';
import { rows } from './aggregates';
import { regex, substitute, type Values } from './grafana.fixture';
import { limitName } from './limits';
import { mayBeEmpty } from './panels';

interface Target {
  query: string;
  alias?: string;
}

/**
 * Panels that show nothing in this run, and only these; each says why in its description. One that has data after all
 * fails the test too: the list stays exact.
 */
const empty = ['load.json: Dropped'];

const boards = [...dashboardFiles()].map(
  ([file, text]) => [file, JSON.parse(text) as Dashboard & { panels: Panel[] }] as const,
);
let influx: InfluxDB;
let simulator: Simulator;
let sampler: Sampler;
const runs: K6Run[] = [];
let span: { from: number; to: number; intervalMs: number };

before(async () => {
  [influx, simulator] = await Promise.all([startInfluxDB(), startSimulator()]);
  sampler = await startSampler('--pid', String(simulator.process.pid));
  // Some requests fail, so that the panels of failures have something to show.
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
  // The gateway's page is Node's, InfluxDB's own is Go's.
  const pages = {
    METRICS_URLS: `gateway=${new URL('/metrics', simulator.gateway).href},process=${sampler.url},influxdb=${influx.url}/metrics`,
    METRICS_INTERVAL: '1s',
  };
  const env = { BASE_URL: simulator.gateway, API_KEYS_FILE: keys, MODELS: 'claude_3_haiku,gemini-2.0-flash', ...pages };
  for (const [script, more] of [
    // Streams enough that the ways in which InfluxDB and k6 round a rank do not matter.
    ['mixed', { RATE: '40', DURATION: '8s', PLAIN_SHARE: '0.3' }],
    ['spike', { RATE: '100', DURATION: '12s' }],
  ] as const) {
    runs.push(
      await k6(`dist/${script}.js`, { env: { ...env, ...more }, args: ['--out', `influxdb=${influx.url}/k6`] }),
    );
  }
  runs.push(
    await k6('dist/overhead.js', {
      env: {
        BASE_URL: simulator.gateway,
        PROVIDER_URL: simulator.provider,
        API_KEYS_FILE: keys,
        RATE: '20',
        DURATION: '4s',
      },
      args: ['--out', `influxdb=${influx.url}/k6`],
    }),
  );
  runs.push(
    await k6('dist/sessions.js', {
      env: {
        BASE_URL: simulator.gateway,
        API_KEYS_FILE: keys,
        MODEL: 'gemini-2.0-flash',
        VUS: '8',
        DURATION: '5s',
        THINK: '50ms',
        TURNS: '3',
      },
      args: ['--out', `influxdb=${influx.url}/k6`],
    }),
  );
  span = { from, to: Date.now(), intervalMs: 1000 };
  for (const { run, stderr } of runs) assert.ok(run && run.counts.finished > 50, stderr);
});
after(async () => {
  await sampler?.stop();
  await simulator?.stop();
  await influx?.stop();
});

const ask = (query: string, values: Values): Promise<Series[]> => influx.query('k6', substitute(query, values, span));
const hasValues = (series: readonly Series[]) =>
  series.some(({ values }) => values.some((row) => row.slice(1).some((value) => value !== null)));
const id = (i: number) => runs[i]!.run!.run_id;

/** What the user sees first: the run chosen, All for the rest. */
function chosen(i = 0): Values {
  return {
    run: regex([id(i)]),
    script: '.*',
    model: '.*',
    provider: '.*',
    agency: '.*',
    run_a: regex([id(0)]),
    run_b: regex([id(1)]),
  };
}

for (const [file, { panels }] of boards) {
  for (const panel of panels) {
    const name = `${file}: ${panel.title}`;
    test(`${name} (${panel.type}) has data`, async () => {
      for (const { query, alias } of panel.targets as unknown as Target[]) {
        const i = { 'overhead.json': 2, 'sessions.json': 3 }[file] ?? 0;
        const found = hasValues(await ask(query, chosen(i)));
        if (query.includes(`FROM "${rows}"`)) {
          assert.equal(found, false, 'these runs have samples, no aggregates'); // aggregates.alone.e2e.test.ts has those
          continue;
        }
        if (alias?.startsWith(limitName)) {
          // A limit is answered by runs of its own scripts alone.
          const scripts = /"script" =~ \/\^\(([^)]*)\)\$\//.exec(query)![1]!.split('|');
          assert.equal(found, scripts.includes(runs[i]!.run!.script), query);
          continue;
        }
        assert.equal(found, !empty.includes(name), query);
        if (!found) assert.ok(panel.description?.startsWith(mayBeEmpty), 'its description says why it may be empty');
      }
    });
  }
}

test('each variable lists what was run, and narrows what the panels show', async () => {
  const [, board] = boards.find(([file]) => file === 'overview.json')!;
  const listed: Record<string, unknown[]> = {};
  for (const { name, query } of board.templating!.list!) {
    listed[name] = (await ask(query as string, chosen())).flatMap(({ values }) => values.map(([, value]) => value));
  }
  assert.deepEqual(listed.script, ['mixed', 'overhead', 'sessions', 'spike']);
  assert.deepEqual(listed.run, runs.map((_, i) => id(i)).sort());
  assert.deepEqual(listed.model, ['claude_3_haiku', 'cohere_english_v3', 'gemini-2.0-flash', 'none']);
  assert.deepEqual(listed.provider, ['claude', 'cohere', 'gemini', 'other']);
  assert.deepEqual(listed.agency, ['1', '2']);

  const requests = (board.panels as Panel[]).find(({ title }) => title === 'Requests')!.targets as unknown as Target[];
  const count = async (values: Values) =>
    Number((await ask(requests[0]!.query, { ...chosen(), ...values }))[0]?.values[0]?.[1] ?? 0);
  const ended = ({ run }: K6Run) => run!.counts.finished + run!.counts.failed;
  assert.equal(await count({}), ended(runs[0]!), 'as many as run.json has');
  assert.equal(await count({ run: regex([id(1)]) }), ended(runs[1]!));
  const parts = await Promise.all(
    ['claude_3_haiku', 'cohere_english_v3', 'gemini-2.0-flash', 'none'].map((model) =>
      count({ model: regex([model]) }),
    ),
  );
  assert.ok(parts.every((part) => part > 0));
  assert.equal(
    parts.reduce((sum, part) => sum + part, 0),
    ended(runs[0]!),
    'models add up to the whole',
  );
  assert.equal(
    (await count({ agency: '1' })) + (await count({ agency: '2' })),
    ended(runs[0]!),
    'agencies add up to the whole',
  );
  assert.equal(await count({ script: 'spike' }), 0, 'a script that is not the run’s');
});

test('two runs are compared at once: B is the newest run but A', async () => {
  const [, board] = boards.find(([file]) => file === 'comparison.json')!;
  const query = board.templating!.list!.find(({ name }) => name === 'run_b')!.query as string;
  const newestFirst = runs.map((_, i) => id(i)).sort((a, b) => (a < b ? 1 : -1));
  const listed = (await ask(query, { run_a: regex([newestFirst[0]!]) })).flatMap(({ values }) =>
    values.map(([, value]) => String(value)),
  );
  assert.deepEqual(
    listed.sort((a, b) => (a < b ? 1 : -1)),
    newestFirst.slice(1),
  );
});

test('percentiles of a panel are those of run.json, as far as its histogram is exact', async () => {
  const [, board] = boards.find(([file]) => file === 'overview.json')!;
  const [target] = (board.panels as Panel[]).find(({ title }) => title === 'TTFT p95')!.targets as unknown as Target[];
  const p95 = Number(
    (await ask(target!.query.replace(' WHERE ', ' WHERE "phase" = \'load\' AND "size" = \'short\' AND '), chosen()))[0]!
      .values[0]![1],
  );
  const rows = runs[0]!.run!.metrics.llm_ttft!.filter(
    ({ tags, histogram }) => histogram && tags.phase === 'load' && tags.size === 'short',
  );
  const measured = quantile(merge(rows.map(({ histogram }) => histogram!)), 0.95)!;
  assert.ok(Math.abs(p95 / measured - 1) < 0.02, `${p95} in InfluxDB, ${measured} in run.json`);
});

test('annotations: every phase where it began, and the verdict', async () => {
  const [, board] = boards.find(([file]) => file === 'overview.json')!;
  const found: Record<string, Series[]> = {};
  for (const annotation of board.annotations!.list! as unknown as {
    name: string;
    query: string;
    textColumn: string;
  }[]) {
    found[annotation.name] = await ask(annotation.query, chosen(1));
    assert.ok(
      found[annotation.name]!.every(({ columns }) => columns[0] === 'time' && columns.includes(annotation.textColumn)),
    );
  }
  const rows = (name: string, column: string) =>
    found[name]!.flatMap(({ columns, values }) =>
      values.map((row) => ({ at: Number(row[0]) / 1e6, text: row[columns.indexOf(column)] })),
    );
  const phases = rows('Phase', 'phase');
  assert.deepEqual(phases.map(({ text }) => text).sort(), ['before', 'recovery', 'spike']);
  for (const { at, text } of phases) {
    const planned =
      Date.parse(runs[1]!.run!.started_at) + runs[1]!.run!.phases.find(({ phase }) => phase === text)!.start_s * 1000;
    assert.ok(at >= planned - 100 && at < span.to, `${String(text)} began at ${planned}, annotated at ${at}`);
  }
  assert.equal(new Set(phases.map(({ at }) => at)).size, 3, 'each at its own time');
  assert.deepEqual(
    rows('Verdict', 'verdict').map(({ text }) => text),
    [runs[1]!.run!.verdict],
  );
});
