import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test } from 'node:test';
import { Lateness } from '../time/lateness';
import type { TruthAnswer } from '../client.fixture';
import { Truth } from './truth';

const request = (id: string) => ({ url: '/v1/x?y=1', headers: { 'x-request-id': id } }) as unknown as IncomingMessage;
const response = () => new EventEmitter() as unknown as ServerResponse;
const report = (
  truth: Truth,
  limit = Infinity,
  id: string | null = null,
  more: { prefix?: string; after?: number } = {},
) =>
  JSON.parse(
    [...truth.report({ limit, id, prefix: more.prefix ?? null, after: more.after ?? null })].join(''),
  ) as TruthAnswer;

test('the ring keeps the newest and counts the dropped', () => {
  const truth = new Truth(() => 150);
  for (let index = 1; index <= 1000; index += 1) truth.open(request(`r${index}`), response());
  const all = report(truth);
  assert.equal(all.clock, 'monotonic ns');
  assert.equal(all.dropped, 850);
  assert.deepEqual(
    all.requests.map(({ seq }) => seq),
    Array.from({ length: 150 }, (_, index) => 851 + index),
  );
  assert.deepEqual(
    report(truth, 2).requests.map(({ id }) => id),
    ['r999', 'r1000'],
  );
  assert.deepEqual(
    report(truth, Infinity, 'r900').requests.map(({ path, seq }) => [path, seq]),
    [['/v1/x', 900]],
  );
  assert.deepEqual(report(truth, 0).requests, []);
  assert.deepEqual(
    report(truth, 2, null, { prefix: 'r9', after: 900 }).requests.map(({ id }) => id),
    ['r901', 'r902'],
    'a page',
  );
});

test('clear forgets requests and lateness', () => {
  const truth = new Truth(() => 10);
  truth.open(request('a'), response());
  truth.lateness.add(5);
  truth.clear();
  assert.deepEqual(report(truth), {
    clock: 'monotonic ns',
    dropped: 0,
    lateness: { count: 0, p50: null, p95: null, p99: null, max: null },
    requests: [],
  });
});

test('a client that leaves before the end is noted', () => {
  const truth = new Truth(() => 10);
  const connection = response();
  const record = truth.open(request('a'), connection);
  connection.emit('close');
  assert.equal(record.outcome, 'client_gone');
  assert.ok(record.client_gone_ns !== null && record.client_gone_ns >= record.received_ns);
});

test('lateness percentiles are right to 1 %', () => {
  const lateness = new Lateness();
  for (let index = 1; index <= 1000; index += 1) lateness.add(index / 100);
  const { count, p50, p95, p99, max } = lateness.report();
  assert.deepEqual([count, max], [1000, 10]);
  for (const [measured, exact] of [
    [p50, 5],
    [p95, 9.5],
    [p99, 9.9],
  ] as const)
    assert.ok(Math.abs((measured ?? 0) / exact - 1) <= 0.011, `${measured}`);
});
