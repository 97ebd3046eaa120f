import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Fact, RequestNote } from '../truth';
import { fidelityFindings } from './fidelity';
import { monitoringFindings } from './monitoring';
import type { Observed } from './observed';
import { costOfRequests } from './resources';
import { note, observed, sentenceOf } from './operation.fixture';

/*
 * What the scripts of an operator find, on made data: the target's own page, its resources, the environment.
 */

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

test('LateClock: a page that starts its clock when the process takes a request up, after 110 ms of waiting, was told to end it at the headers', () => {
  const requests = Array.from({ length: 100 }, () =>
    note({ end: 356, detail: { ttfb: 294 } as RequestNote['detail'] }),
  );
  const told = (seconds: number) => {
    const around = [0, seconds].map((target_busy, i) => ({
      ...{ page: 'gateway', at: i, around: i === 0 ? 'before' : 'after', values: {} },
      totals: { target_requests: 100 * i, target_busy },
    })) as Observed['around'];
    return sentenceOf(monitoringFindings(observed({ requests, around })), 'page-duration');
  };
  assert.match(told(24), /takes 240 ms on average, by the clients 356 ms: 33 % off$/);
  assert.match(told(29), /ends at the headers or the first byte, which come after 294 ms/);
});

test('three times 138 ms, with 0.02 % between them, were told not to be the same, and three times as many as the target carries to be the work of something else', () => {
  const repeats = (of: (repeat: number, i: number) => number) =>
    sentenceOf(
      fidelityFindings(
        observed({
          requests: ['first', 'second', 'third'].flatMap((phase, repeat) =>
            Array.from({ length: 46 }, (_, i) => note({ phase, e2e: of(repeat, i) })),
          ),
        }),
      ),
      'repeats-agree',
    );
  assert.match(
    repeats((repeat) => 138 + 0.5 * (repeat % 2)),
    /^the same small load three times gives the same, within 2 %:/,
  );
  assert.match(
    repeats(() => 138),
    /^the same small load three times gives the same: medians/,
  );
  assert.match(
    repeats((repeat) => 138 + 30 * (repeat % 2)),
    /beyond doubt: something else is at work here$/,
  );
  assert.match(
    repeats((repeat, i) => 138 + 1700 * repeat + 70 * i),
    /beyond doubt: each time they take longer .* pile up/,
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
