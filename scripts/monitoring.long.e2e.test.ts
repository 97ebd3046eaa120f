import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSampler } from '../tools/programs/sampler';
import type { Simulator } from '../tools/programs/simulator';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

const env = { RATE: '40', DURATION: '32s' };
const quick = { ttft_ms: 40, tokens_per_second: 200, jitter: 0, output_tokens: 31 };

test('a page that misses requests, whose durations end at the headers and which is refreshed rarely, traces without the call, and readings that cost are named', async (t) => {
  const { record, text } = await flawedRun(t, 'monitoring', {
    flaws: {
      empty_200_on_failure: true,
      metrics_wrong: { drop_share: 0.1, duration_at_headers: true, refresh_s: 3, block_ms: 80 },
      spans_missing: { share: 0.2, provider: true },
    },
    provider: { claude_3_haiku: quick },
    env,
    pages: true,
    traces: true,
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  const [, counted, sent] = /^gateway: its page counts (\d+) of (\d+) requests: /.exec(text('page-count')) ?? [];
  assert.ok(Math.abs(Number(counted) / Number(sent) - 0.9) < 0.03, text('page-count'));
  assert.match(text('page-duration'), /ends at the headers or the first byte, which come after \d+ ms on average$/);
  assert.match(text('page-refresh'), /^a request is on its page after [23](\.\d)? s at most: the page is refreshed/);
  assert.match(text('whole-traces'), /^0 of \d+ traces are whole: no span of the gateway in \d+, no span of the/);
  assert.match(
    text('scraping-costs'),
    /^a reading of its page every second costs \d+ ms \[\d+(\.\d+)?, \d+\] of the p95/,
  );
  for (const name of [
    'requests on the page',
    'durations on the page',
    'whole traces',
    'what readings of the page cost',
  ])
    assert.ok(why(record).includes(`target: ${name}: measured`), `${name}: ${why(record)}`);
});

test('a gateway whose page and traces tell the truth passes', async (t) => {
  const { record, text } = await flawedRun(t, 'monitoring', {
    provider: { claude_3_haiku: quick },
    env,
    pages: true,
    traces: true,
  });
  assert.equal(record.verdict, 'PASS', why(record));
  const [, counted, sent] = /^gateway: its page counts (\d+) of (\d+) requests$/.exec(text('page-count')) ?? [];
  assert.equal(counted, sent, text('page-count'));
  const [, whole, all] = /^(\d+) of (\d+) traces are whole$/.exec(text('whole-traces')) ?? [];
  assert.ok(whole === all && Number(all) > 50, text('whole-traces'));
});

test('a page that tells half of the CPU time of its process is held against the sampler, which does not know of it; a page that tells all agrees', async (t) => {
  const both = async (simulator: Simulator) => {
    const sampler = await startSampler('--pid', String(simulator.process.pid));
    t.after(() => sampler.stop());
    const METRICS_URLS = `gateway=${new URL('/metrics', simulator.gateway).href},process=${sampler.url}`;
    return { ...env, METRICS_URLS, METRICS_INTERVAL: '1s' };
  };
  const setting = { provider: { claude_3_haiku: quick }, env: both, evenDisturbed: true };
  const half = await flawedRun(t, 'monitoring', { ...setting, flaws: { metrics_wrong: { cpu_share: 0.5 } } });
  assert.match(
    half.text('pages-agree'),
    /^gateway and process tell of the same process, [\d.]+ s and [\d.]+ s of CPU \((4\d|5\d)\.\d % apart\), \d+ MB and \d+ MB of memory/,
  );
  const missed = half.record.objectives.find(({ name }) => name === 'two pages of one process')!;
  assert.equal(missed.state, 'missed', why(half.record));
  const all = await flawedRun(t, 'monitoring', setting);
  const { value } = all.record.findings.find(({ id }) => id === 'pages-agree')!;
  assert.ok(value! < 0.15, all.text('pages-agree'));
});
