import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { k6, type K6Run } from '../programs/k6';
import { startSimulator, type Simulator } from '../programs/simulator';
import { startPrometheus, type Prometheus } from './prometheus';
import { freePort } from '../programs/services/service';

/*
 * k6's remote write into a real Prometheus: the names under which ours arrive, and counters that agree with run.json.
 */

let prometheus: Prometheus;
let simulator: Simulator;

before(async () => {
  [prometheus, simulator] = await Promise.all([startPrometheus(), startSimulator()]);
});
after(async () => {
  await simulator?.stop();
  await prometheus?.stop();
});

const run = (writeUrl: string, duration: string): Promise<K6Run> =>
  k6('dist/smoke.js', {
    env: { BASE_URL: simulator.gateway, API_KEY: 'gsai-sim-key', RATE: '20', DURATION: duration },
    args: ['--out', 'experimental-prometheus-rw'],
    settings: {
      K6_PROMETHEUS_RW_SERVER_URL: writeUrl,
      K6_PROMETHEUS_RW_TREND_STATS: 'count,p(50),p(95),p(99),avg,max',
      K6_PROMETHEUS_RW_PUSH_INTERVAL: '1s',
    },
  });

test('counters and percentiles arrive under k6_llm_*, and agree with run.json', async () => {
  const { run: record, stderr } = await run(prometheus.writeUrl, '5s');
  assert.ok(record, stderr);
  assert.equal(record.outputs, undefined, JSON.stringify(record.outputs));
  // The last samples of a series stay for five minutes to who asks.
  const one = async (promql: string) => Number((await prometheus.query(promql))[0]?.value);
  const of = `{run_id="${record.run_id}"}`;
  assert.equal(await one(`sum(k6_llm_started_total${of})`), record.counts.started);
  assert.equal(await one(`sum(k6_llm_finished_total${of})`), record.counts.finished + record.counts.failed);
  assert.equal(await one(`sum(k6_llm_finished_total{run_id="${record.run_id}",outcome="ok"})`), record.counts.finished);
  assert.equal(await one(`count(k6_llm_verdict_total{run_id="${record.run_id}",verdict="${record.verdict}"})`), 1);

  // Trends arrive by tag set, those of times in seconds; k6 divides their count by 1000 with all the rest.
  const rows = record.metrics.llm_ttft!.filter(({ histogram }) => histogram);
  for (const { tags, count, p50, p95, max } of rows) {
    const labels: string = Object.entries({ ...tags, run_id: record.run_id })
      .map(([name, value]) => `${name}="${value}"`)
      .join(',');
    const value = async (stat: string): Promise<number> => one(`k6_llm_ttft_${stat}{${labels}}`);
    assert.equal(Math.round(1000 * (await value('count'))), count, labels);
    assert.ok(Math.abs((1000 * (await value('max'))) / max! - 1) < 0.001, labels);
    for (const [stat, ours] of [
      ['p50', p50],
      ['p95', p95],
    ] as const) {
      // k6 draws a line between two neighbours where ours takes the upper one: few values lie apart.
      const theirs = 1000 * (await value(stat));
      assert.ok(
        Math.abs(theirs / ours! - 1) < 0.1,
        `${stat} of ${labels}: ${theirs} in Prometheus, ${ours} in run.json`,
      );
    }
  }
  assert.ok(rows.length > 0);
  const names = (await prometheus.query(`count by (__name__) ({run_id="${record.run_id}"})`)).map(
    ({ labels }) => labels.__name__!,
  );
  for (const name of [
    'k6_llm_ttft_p99',
    'k6_llm_e2e_p95',
    'k6_llm_inter_chunk_p95',
    'k6_llm_stream_error_rate',
    'k6_llm_goodput_rate',
    'k6_llm_in_flight',
    'k6_llm_wanted_rate_avg',
    'k6_llm_cost_usd_count',
    'k6_http_reqs_total',
  ]) {
    assert.ok(names.includes(name), `${name} is not among ${names.sort().join(', ')}`);
  }
});

test('a Prometheus that refuses changes no verdict and is told', async () => {
  const { run: record, code, stdout } = await run(`http://127.0.0.1:${await freePort()}/api/v1/write`, '4s');
  assert.equal(code, { PASS: 0, FAIL: 99, INVALID: 110 }[record!.verdict], stdout);
  assert.ok(!record!.reasons.some(({ about }) => about === 'instrument'), JSON.stringify(record!.reasons));
  const [output] = record!.outputs!;
  assert.equal(output!.name, 'Prometheus remote write');
  assert.ok(output!.errors >= 3 && /connection refused/.test(output!.messages[0]!), JSON.stringify(output));
  assert.match(stdout, /output {6}Prometheus remote write failed \d+ times: dashboards have a hole/);
});
