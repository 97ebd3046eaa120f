import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact, RequestNote } from '../truth';
import { fidelityFindings } from './fidelity';
import { monitoringFindings } from './monitoring';
import type { Observed } from './observed';
import { costOfRequests } from './resources';
import { restartFindings } from './restart';

/*
 * What the scripts of an operator find, on made data: restarts, the target's own page, its resources, the environment.
 */

const note = (more: Partial<RequestNote>): RequestNote => ({
  id: 'x',
  index: 0,
  phase: 'before',
  model: 'm',
  sent: 0,
  ttft: 100,
  e2e: 100,
  end: 100,
  outcome: 'ok',
  status: 200,
  chunks: 1,
  words: 1,
  gap: -1,
  gapMax: -1,
  ...more,
});
const observed = (more: Partial<Observed>): Observed => ({ phases: [], timeline: [], requests: [], ...more });
const sentenceOf = (found: readonly { id: string; text: string }[], id: string) =>
  found.find((each) => each.id === id)?.text ?? '';

test('a restart: what was cut, what was refused and lost, when it was ready, and who paid for the first request', () => {
  const before = Array.from({ length: 20 }, (_, i) => note({ sent: i * 50 }));
  const cut = note({ sent: 980, end: 60, outcome: 'truncated' });
  const fine = note({ sent: 990 });
  const phase = 'restart-1';
  const meanwhile = [
    note({ phase, sent: 1000, outcome: 'reset', end: 5 }),
    note({ phase, sent: 1050, outcome: 'connect', end: 1 }),
    note({ phase, sent: 3000, outcome: 'connect', end: 1 }),
  ];
  const first = note({ phase, sent: 3050, ttft: 500, end: 520 });
  const beside = [note({ phase, sent: 3100, ttft: 480, end: 500 }), note({ phase, sent: 3150, ttft: 110, end: 130 })];
  const later = Array.from({ length: 40 }, (_, i) => note({ phase, sent: 4000 + i * 50 }));
  const found = restartFindings(
    observed({
      requests: [...before, cut, fine, ...meanwhile, first, ...beside, ...later],
      restarts: [{ stopped_ms: 20, code: null, signal: 'SIGKILL', started_ms: 30 }],
    }),
  );
  assert.match(
    sentenceOf(found, 'under-way-at-the-stop'),
    /and 1 were cut off; of \d+ streams 1; the process ended after 0\.02 s with SIGKILL$/,
  );
  assert.match(sentenceOf(found, 'refused-meanwhile'), /^of 3 requests .* 2 were refused and 1 were lost$/);
  assert.match(sentenceOf(found, 'time-to-ready'), /^ready 2 s after the start at most/);
  assert.match(sentenceOf(found, 'first-requests'), /400 ms more than usual/);
  assert.match(sentenceOf(found, 'stampede'), /^2 of 3 requests/);
  assert.equal(found.find(({ id }) => id === 'settled')!.value, 0);
});

test('GoneBeforeTheNextRequest: what a stop cuts off within the milliseconds before the next request is sent was under way at it', () => {
  const phase = 'restart-1';
  const before = Array.from({ length: 20 }, (_, i) => note({ sent: i * 50, end: 40 }));
  // The phase begins at 1000 ms and asks for the stop, the process is gone at 1003, and the next request is sent at 1008.
  const cut = [note({ sent: 960, end: 43, outcome: 'reset' }), note({ sent: 980, end: 23, outcome: 'reset' })];
  const later = Array.from({ length: 40 }, (_, i) => note({ phase, sent: 1008 + i * 50 }));
  const phases = [
    { phase: 'before', start_s: 0, end_s: 1 },
    { phase, start_s: 1.008, end_s: 3 },
  ] as unknown as Observed['phases'];
  const found = restartFindings(observed({ phases, requests: [...before, ...cut, ...later] }));
  assert.match(
    sentenceOf(found, 'under-way-at-the-stop'),
    /^of 2 requests under way at 1 stops 0 ended .* and 2 were cut off/,
  );
});

test('the phases of a restart that never happened say that no stop was seen', () => {
  const found = restartFindings(
    observed({ requests: Array.from({ length: 50 }, (_, i) => note({ phase: 'restart-1', sent: i * 20 })) }),
  );
  assert.equal(sentenceOf(found, 'time-to-ready').slice(0, 20), 'no stop was seen: no');
});

test('a page that counts its own readings is right, one that misses requests is not, and durations that end at the headers are told', () => {
  const requests = Array.from({ length: 100 }, () =>
    note({ end: 300, detail: { ttfb: 100 } as RequestNote['detail'] }),
  );
  const around = (counted: number, seconds: number): NonNullable<Observed['around']> => [
    { page: 'gateway', at: 0, around: 'before', values: {}, totals: { target_requests: 50, target_busy: 1 } },
    {
      page: 'gateway',
      at: 1,
      around: 'after',
      values: {},
      totals: { target_requests: 50 + counted, target_busy: 1 + seconds },
    },
  ];
  const made = (counted: number, seconds: number) =>
    monitoringFindings(observed({ requests, around: around(counted, seconds) }));
  const value = (found: ReturnType<typeof made>, id: string) => found.find((each) => each.id === id)!.value!;
  assert.equal(value(made(100, 30), 'page-count'), 0);
  assert.ok(value(made(100, 30), 'page-duration') < 1e-9);
  assert.equal(value(made(104, 31), 'page-count'), 0, 'four readings');
  assert.ok(Math.abs(value(made(90, 27), 'page-count') - 0.1) < 1e-9);
  assert.match(
    sentenceOf(made(100, 10), 'page-duration'),
    /ends at the headers or the first byte, which come after 100 ms/,
  );
});

test('a trace without the call of the provider is not whole', () => {
  const trace = (server: number, calls: number) => ({ found: true, server, calls, serverMs: 90, clientMs: 100 });
  const found = monitoringFindings(observed({ traces: [trace(1, 1), trace(1, 1), trace(1, 0), trace(0, 1)] }));
  assert.equal(
    sentenceOf(found, 'whole-traces'),
    "2 of 4 traces are whole: no span of the gateway in 1, no span of the provider's call in 1",
  );
  assert.match(sentenceOf(found, 'time-in-no-span'), /^10 of 100 ms/);
});

test('what a request costs is the slope of a line, and the first limit is where the line meets what there is', () => {
  const rates = [1, 10, 50];
  const timeline = rates.flatMap((rate) =>
    Array.from({ length: 4 }, (_, i) => ({
      t_s: i,
      seconds: 1,
      phase: `at-${rate}`,
      started: rate,
      ok: rate,
      failed: 0,
      in_flight: 0,
      resources: { gateway: { target_cpu: 0.05 + 0.01 * rate, target_log: 2000 * rate } },
    })),
  );
  const resources = [
    { target: 'gateway', url: 'x', readings: 12, failed: 0, restarts: 0, loops: 1, metrics: {} },
  ] as Observed['resources'];
  const around = [
    {
      page: 'gateway',
      at: 0,
      around: 'before',
      values: { target_cpu: 0.05, target_log: 0, target_connections: 1 },
      totals: {},
    },
    { page: 'gateway', at: 1, around: 'after', values: { target_connections: 4 }, totals: {} },
  ] as Observed['around'];
  const found = costOfRequests(observed({ timeline, resources, around }));
  assert.match(
    sentenceOf(found, 'cpu-per-request'),
    /^gateway: 10 ms of CPU a request \[10, 10\], 5 % of a core without any; 95 requests\/s/,
  );
  assert.match(sentenceOf(found, 'log-per-request'), /^gateway: 2 KB of log a request/);
  assert.match(sentenceOf(found, 'first-limit'), /CPU \(1 cores\) at about 95 requests\/s/);
  assert.match(sentenceOf(found, 'connections-kept'), /^gateway: 3 connections to the database never came back/);
});

test('against a record, a number may differ a little, a text may not, and what changes no timings is told and not counted', () => {
  const facts: Fact[] = [
    { name: 'round trip', value: '1.5 ms', number: 1.5, may: { share: 0.5, amount: 3 }, changesTimings: true },
    { name: 'CPUs', value: '2', changesTimings: true },
    { name: 'kernel', value: '6.1', changesTimings: false },
  ];
  const held = (record: Observed['record']) =>
    fidelityFindings(observed({ facts, record })).find(({ id }) => id === 'differs-from-record')!;
  assert.equal(held({ 'round trip': '2.5 ms', CPUs: '2', kernel: '6.1' }).value, 0);
  const other = held({ 'round trip': '40 ms', CPUs: '8', kernel: '5.0' });
  assert.equal(other.value, 2);
  assert.equal(
    other.text,
    'differs from the record: round trip 1.5 ms against 40 ms (changes timings); CPUs 2 against 8 (changes timings); kernel 6.1 against 5.0 (changes no timings)',
  );
});
