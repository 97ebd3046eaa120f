import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { merge, quantile } from '../lib/statistics';
import { dashboardFiles } from '../tools/commands/dashboards';
import type { Series } from '../tools/programs/services/influxdb-client';
import type { K6Run } from '../tools/programs/k6';
import { startInfluxDB, type InfluxDB } from '../tools/programs/services/influxdb';
import { startPrometheus, type Prometheus } from '../tools/testing/prometheus';
import { rows } from './aggregates';
import { regex, substitute, type Values } from './grafana.fixture';
import { limitName } from './limits';
import { edgeName, mayBeEmpty } from './panels';
import { prometheusTests } from './prometheus.fixture';
import { either, empty, madeRuns, runOf } from './runs.fixture';

interface Target {
  query: string;
  alias?: string;
}

const boards = [...dashboardFiles()]
  .filter(([file]) => !file.includes('/'))
  .map(([file, text]) => [file, JSON.parse(text) as Dashboard & { panels: Panel[] }] as const);
let influx: InfluxDB;
let prometheus: Prometheus;
let runs: K6Run[];
let span: { from: number; to: number; intervalMs: number };

before(async () => {
  [influx, prometheus] = await Promise.all([startInfluxDB(), startPrometheus()]);
  const made = await madeRuns({ influx: influx.url, prometheus: prometheus.url });
  runs = made.runs;
  span = { ...made.span, intervalMs: 1000 };
});
after(async () => {
  await prometheus?.stop();
  await influx?.stop();
});

const ask = (query: string, values: Values, intervalMs = span.intervalMs): Promise<Series[]> =>
  influx.query('k6', substitute(query, values, { ...span, intervalMs }));
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
    // Of a script with a phase of the same name, so that there is a difference by phase.
    run_b: regex([id(2)]),
  };
}

for (const [file, { panels }] of boards) {
  for (const panel of panels) {
    const name = `${file}: ${panel.title}`;
    test(`${name} (${panel.type}) has data`, async () => {
      for (const { query, alias } of panel.targets as unknown as Target[]) {
        // An interval of confidence is drawn where an interval of the chart has many requests.
        const edge = alias?.startsWith(edgeName);
        const i = runOf[file] ?? 0;
        // These runs are short: fewer must do, in one interval as long as the run.
        const found = edge
          ? hasValues(await ask(query.replace('>= 200', '>= 20'), chosen(i), span.to - span.from))
          : hasValues(await ask(query, chosen(i)));
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
        if (!either.includes(name)) assert.equal(found, !empty.includes(name), query);
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

test('by how much run B differs from A is what the two figures say, by phase and as a whole', async () => {
  const [, board] = boards.find(([file]) => file === 'comparison.json')!;
  const targetsOf = (title: string) =>
    (board.panels as Panel[]).find((panel) => panel.title === title)!.targets as unknown as Target[];
  const p95 = (run: string) =>
    `SELECT percentile("value", 95) AS "p95" FROM "llm_ttft" WHERE "run_id" = '${run}' GROUP BY "phase"`;
  const value = (series: readonly Series[], name: string, phase?: string) => {
    const one = series.find(({ tags }) => phase === undefined || tags?.phase === phase)!;
    return Number(one.values[0]![one.columns.indexOf(name)]);
  };
  // A run and itself: no difference. A and B have the phases of different scripts in common only by name.
  const same = { ...chosen(), run_a: regex([id(0)]), run_b: regex([id(0)]) };
  const byPhase = targetsOf('Time to first token: by how much B differs from A')[0]!.query;
  assert.equal(value(await ask(byPhase, same), 'p95', 'load'), 0);
  const common = { ...chosen(), run_a: regex([id(0)]), run_b: regex([id(2)]) };
  const [a, b] = [await influx.query('k6', p95(id(0))), await influx.query('k6', p95(id(2)))];
  const phase = a.map(({ tags }) => tags!.phase!).find((name) => b.some(({ tags }) => tags!.phase === name))!;
  const expected = value(b, 'p95', phase) / value(a, 'p95', phase) - 1;
  assert.ok(Math.abs(value(await ask(byPhase, common), 'p95', phase) - expected) < 1e-9, phase);

  const failed = ({ run }: K6Run) => run!.counts.failed / (run!.counts.finished + run!.counts.failed);
  const points = value(await ask(targetsOf('Share that failed, B less A')[0]!.query, chosen()), 'points');
  assert.ok(Math.abs(points - (failed(runs[2]!) - failed(runs[0]!))) < 1e-9, `${points}`);
});

prometheusTests(
  (name, body) => void test(name, body),
  () => ({ prometheus, runs, span }),
);
