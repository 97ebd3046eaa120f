import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { rows } from '../../../dashboards/aggregates';
import { influxEdition } from '../../../dashboards/editions';
import { regex, substitute } from '../../../dashboards/grafana.fixture';
import { mayBeEmpty } from '../../../dashboards/panels';
import { pages } from '../../../dashboards/pages';
import type { MetricReport } from '../../../lib/measurements';
import type { MetricName } from '../../../lib/metrics';
import { main } from '../../commands/influx/import';
import { k6 } from '../k6';
import { scratch } from '../scratch';
import { sharedWithInfluxDB } from '../../testing/shared-simulator';
import { samplesIn } from './outputs.fixture';

/* INFLUX=aggregate with a real InfluxDB: what arrives, and what the dashboards make of it. */

const { simulator, influx } = sharedWithInfluxDB();

test('at 500 requests a second InfluxDB gets a twentieth of the points, and the dashboards the same figures', async (t) => {
  const file = join(scratch(), 'samples.json');
  const begun = Date.now();
  const { run, folder, stderr } = await k6('dist/peak.js', {
    env: {
      BASE_URL: simulator().gateway,
      API_KEY: 'gsai-sim-key',
      RATE: '500',
      // Long enough for a drift from one interval to the next.
      DURATION: '6s',
      INFLUX: 'aggregate',
    },
    args: ['--out', `influxdb=${influx().url}/k6`, '--out', `json=${file}`],
  });
  assert.ok(run, stderr);
  assert.equal(run.outputs, undefined, 'nothing was lost');

  const samples = Object.values(await samplesIn(file)).reduce((sum, n) => sum + n, 0);
  let points = 0;
  for (const { name } of await influx().query('k6', 'SHOW FIELD KEYS')) {
    // A point has one of these fields at least, and the row of all of a second has no more points than one.
    const [counts] = await influx().query('k6', `SELECT count(*) FROM "${name}"`);
    points += Math.max(...counts!.values[0]!.slice(1).map(Number));
  }
  t.diagnostic(`${points} points in place of ${samples}: ${(samples / points).toFixed(0)} times fewer`);
  assert.ok(samples > 20 * points, `${points} points, ${samples} samples`);

  const span = { from: begun, to: Date.now(), intervalMs: 1000 };
  const all = { script: '.*', model: '.*', provider: '.*', agency: '.*' };
  const of = regex([run.run_id]);
  const ask = (query: string) =>
    influx().query('k6', substitute(query, { ...all, run: of, run_a: of, run_b: of }, span));
  const panels = (page: string) =>
    pages
      .find(({ name }) => name === page)!
      .panels.map((panel) => panel(influxEdition).build())
      .map(({ title, description = '', targets }) => ({
        title: title!,
        description,
        queries: (targets as unknown as { query: string }[]).map(({ query }) => query),
      }));
  for (const page of ['overview', 'streaming', 'load', 'errors', 'providers', 'embeddings', 'endurance', 'cost']) {
    for (const { title, description, queries } of panels(page)) {
      if (description.includes(mayBeEmpty)) continue;
      let found = false;
      for (const query of queries)
        found ||= (await ask(query)).some(({ values }) => values.some((row) => row.slice(1).some((v) => v !== null)));
      assert.ok(found, `${page}: ${title} shows nothing`);
    }
  }

  /** What a panel of one value shows. */
  const shown = async (title: string) => {
    const { queries } = panels('overview').find((panel) => panel.title === title)!;
    for (const query of queries) {
      const [series] = await ask(query);
      if (series) return Number(series.values.at(-1)![1]);
    }
    return NaN;
  };
  const whole = (metric: MetricName) => run.metrics[metric]!.find(({ tags }) => Object.keys(tags).length === 0)!;
  const p95 = await shown('TTFT p95');
  assert.ok(Math.abs(p95 / whole('llm_ttft').p95! - 1) < 0.0051, `${p95}, ${whole('llm_ttft').p95} in run.json`);
  assert.equal(await shown('Requests'), run.counts.finished + run.counts.failed);
  assert.ok(Math.abs((await shown('Goodput')) - whole('llm_goodput').mean!) < 1e-9);

  // By tags.
  const query = panels('embeddings')
    .flatMap(({ queries }) => queries)
    .find((each) => each.includes('AS "requests"') && each.includes(rows))!;
  const answers = (await ask(query)).map(({ tags = {}, columns, values: [first] }) => ({
    tags,
    requests: Number(first![columns.indexOf('requests')]),
  }));
  assert.ok(answers.length > 0);
  for (const { tags, requests } of answers) {
    const booked: readonly MetricReport[] = run.metrics.llm_e2e!.filter(
      (each) => each.histogram && each.tags.model === tags.model && each.tags.size === tags.size,
    );
    const wanted: number = booked.reduce((sum, { count }) => sum + count, 0);
    assert.equal(requests, wanted, JSON.stringify(tags));
  }
  await assert.rejects(main([folder!, '--url', `${influx().url}/k6`]), /INFLUX=aggregate/);
});
