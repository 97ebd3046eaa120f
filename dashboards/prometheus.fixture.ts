import assert from 'node:assert/strict';
import type { Dashboard, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { metrics } from '../lib/metrics';
import { merge, quantile } from '../lib/statistics';
import { dashboardFiles } from '../tools/commands/dashboards';
import type { K6Run } from '../tools/programs/k6';
import type { Prometheus, Stretch } from '../tools/testing/prometheus';
import { limitName } from './limits';
import { edgeName, mayBeEmpty } from './panels';
import { either, empty, runOf } from './runs.fixture';

/*
 * The tests of the dashboards for Prometheus: each query of each panel is asked of a real one. They are registered by
 * two files, one for Debian's Prometheus and one for the version of docker-compose.yml. Each gives its own `test`: a test
 * belongs to the file that calls it.
 */

interface Target {
  expr: string;
  legendFormat?: string;
  instant?: boolean;
}

interface Ran {
  prometheus: Prometheus;
  runs: readonly K6Run[];
  span: Stretch;
}

const folder = 'prometheus/';
const boards = [...dashboardFiles()]
  .filter(([file]) => file.startsWith(folder))
  .map(([file, text]) => [file.slice(folder.length), JSON.parse(text) as Dashboard & { panels: Panel[] }] as const);

/** What Grafana replaces before it asks. */
function substitute(expr: string, values: Record<string, string>, { from, to }: Stretch, window = 4): string {
  return expr
    .replaceAll('$__rate_interval', `${window}s`)
    .replaceAll('$__range', `${Math.ceil((to - from) / 1000)}s`)
    .replace(/\$(\w+)/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`no value for $${name}`);
      return value;
    });
}

/**
 * Prometheus 2.42 has no last_over_time of native histograms. There the last value stands for five minutes, which is
 * as long as these runs need; the same queries are asked unchanged of the version of docker-compose.yml.
 */
const withoutLast = (expr: string) =>
  expr.replace(/last_over_time\((k6_(\w+?)(?:_seconds)?\{[^}]*\})\[\d+s\]\)/g, (all, series: string, name: string) =>
    (metrics as Record<string, { type: string }>)[name]?.type === 'trend' ? series : (all as string),
  );

/**
 * Prometheus knows the rate of a series that k6 wrote twice within the window, and k6 writes a series when it has grown. Of
 * failures there are few: whether two alike come within seconds of each other is chance.
 */
const isRare = (expr: string) => /rate\([^[]*outcome!="ok"/.test(expr);

/** Registers the tests; `ran` is asked when they run. `current` is for a Prometheus that knows all that is asked. */
export function prometheusTests(
  test: (name: string, body: () => Promise<void>) => void,
  ran: () => Ran,
  { current = false }: { current?: boolean } = {},
): void {
  const id = (i: number) => ran().runs[i]!.run!.run_id;
  const chosen = (i = 0) => ({
    run: id(i),
    script: '.*',
    model: '.*',
    provider: '.*',
    agency: '.*',
    run_a: id(0),
    run_b: id(2),
  });
  const worded = (expr: string, values: Record<string, string>, window?: number) => {
    const whole = substitute(expr, values, ran().span, window);
    return current ? whole : withoutLast(whole);
  };
  const at = (expr: string, values: Record<string, string>) =>
    ran().prometheus.query(worded(expr, values), ran().span.to);

  for (const [file, { panels }] of boards) {
    for (const panel of panels) {
      const name = `${file}: ${panel.title}`;
      test(`Prometheus, ${name} (${panel.type}) has data`, async () => {
        for (const { expr, legendFormat, instant } of panel.targets as unknown as Target[]) {
          const { prometheus, span, runs } = ran();
          // An interval of confidence is drawn where an interval of the chart has many requests.
          const edge = legendFormat?.startsWith(edgeName);
          const i = runOf[file] ?? 0;
          // These runs are short: fewer must do, in one interval as long as the run.
          const window = edge ? Math.ceil((span.to - span.from) / 1000) : undefined;
          const asked = worded(edge ? expr.replace('>= 200', '>= 20') : expr, chosen(i), window);
          const found = instant
            ? (await at(expr, chosen(i))).some(({ value }) => Number.isFinite(value))
            : (await prometheus.points(asked, span)).some((n) => n > 0);
          if (legendFormat?.startsWith(limitName)) {
            const scripts = /script=~"([^"]*)"\}/.exec(expr)![1]!.split('|');
            assert.equal(found, scripts.includes(runs[i]!.run!.script), expr);
            continue;
          }
          if (!either.includes(name) && !isRare(expr)) assert.equal(found, !empty.includes(name), expr);
          if (!found) assert.ok(panel.description?.startsWith(mayBeEmpty), 'its description says why it may be empty');
        }
      });
    }
  }

  const targetsOf = (file: string, title: string) =>
    (boards.find(([name]) => name === file)![1].panels as Panel[]).find((panel) => panel.title === title)!
      .targets as unknown as Target[];
  const one = async (file: string, title: string, values: Record<string, string>) =>
    (await at(targetsOf(file, title)[0]!.expr, values))[0]!.value;

  test('Prometheus: numbers of requests and shares that failed are those of run.json', async () => {
    for (const i of [0, 1]) {
      const { finished, failed } = ran().runs[i]!.run!.counts;
      assert.equal(await one('overview.json', 'Requests', chosen(i)), finished + failed);
      const share = await one('overview.json', 'Failed', chosen(i));
      assert.ok(Math.abs(share - failed / (finished + failed)) < 1e-9, `${share}`);
    }
    const models = await Promise.all(
      ['claude_3_haiku', 'cohere_english_v3', 'gemini-2.0-flash', 'none'].map((model) =>
        one('overview.json', 'Requests', { ...chosen(), model }),
      ),
    );
    const { finished, failed } = ran().runs[0]!.run!.counts;
    assert.equal(
      models.reduce((sum, n) => sum + n, 0),
      finished + failed,
      'models add up to the whole',
    );
  });

  test('Prometheus: percentiles are those of run.json, as far as its histogram is exact', async () => {
    const { run } = ran().runs[0]!;
    const p95 = await one('overview.json', 'TTFT p95', chosen());
    const rows = run!.metrics.llm_ttft!.filter(({ histogram }) => histogram);
    const measured = quantile(merge(rows.map(({ histogram }) => histogram!)), 0.95)! / 1000;
    // Its buckets are a tenth of a value wide at most.
    assert.ok(Math.abs(p95 / measured - 1) < 0.1, `${p95} s in Prometheus, ${measured} s in run.json`);
  });

  test('Prometheus: a difference between two runs is what their figures say', async () => {
    const title = 'Median of the response time, B against A';
    assert.equal(await one('comparison.json', title, { ...chosen(), run_b: id(0) }), 0, 'a run and itself');
    const [expr] = targetsOf('comparison.json', title).map((target) => target.expr);
    const [b, a] = expr!
      .replace(/ - 1$/, '')
      .split(') / (')
      .map((part, i) => (i === 0 ? part.slice(1) : part.slice(0, -1)));
    const single = async (part: string) => (await at(part, chosen()))[0]!.value;
    const expected = (await single(b!)) / (await single(a!)) - 1;
    assert.ok(Math.abs((await one('comparison.json', title, chosen())) - expected) < 1e-9);
  });

  test('Prometheus: variables list what was run, and B is a run other than A', async () => {
    const listed = async (file: string, name: string, values: Record<string, string>) => {
      const query = boards
        .find(([board]) => board === file)![1]
        .templating!.list!.find((variable) => variable.name === name)!.query as string;
      const [, selector, label] = /^label_values\((.*), (\w+)\)$/.exec(query)!;
      return ran().prometheus.labelValues(label!, worded(selector!, values));
    };
    const ids = ran().runs.map((_, i) => id(i));
    assert.deepEqual(await listed('overview.json', 'script', chosen()), ['mixed', 'overhead', 'sessions', 'spike']);
    assert.deepEqual(await listed('overview.json', 'run', chosen()), [...ids].sort());
    assert.deepEqual(await listed('overview.json', 'agency', chosen()), ['1', '2']);
    assert.deepEqual(await listed('comparison.json', 'run_b', chosen()), ids.filter((run) => run !== id(0)).sort());
  });

  test('Prometheus: phases and the verdict are marked', async () => {
    const marks = boards.find(([name]) => name === 'overview.json')![1].annotations!.list! as unknown as {
      name: string;
      expr: string;
    }[];
    const exprOf = (name: string) => worded(marks.find((mark) => mark.name === name)!.expr, chosen(1));
    assert.equal((await ran().prometheus.points(exprOf('Phase'), ran().span)).length, 3, 'before, spike, recovery');
    const [verdict] = await ran().prometheus.query(exprOf('Verdict'), ran().span.to);
    assert.equal(verdict!.labels.verdict, ran().runs[1]!.run!.verdict);
  });
}
