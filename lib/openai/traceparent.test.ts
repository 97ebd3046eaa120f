import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readParameters } from '../config';
import { keyOf, request } from './request';
import { traceparent } from './traceparent';

test('a traceparent has the form of W3C Trace Context, and ids of its own', () => {
  const some = Array.from({ length: 1000 }, (_, turn) => traceparent(1, 1, turn));
  for (const value of some) assert.match(value, /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/);
  assert.equal(new Set(some.map((value) => value.slice(3, 35))).size, 1000);
  assert.equal(new Set(some.map((value) => value.slice(36, 52))).size, 1000);
});

test('the sampling is drawn with the share asked for, the same for the same seed', () => {
  const flags = (seed: number) => Array.from({ length: 10_000 }, (_, turn) => traceparent(0.1, seed, turn).slice(-2));
  const sampled = flags(7).filter((flag) => flag === '01').length;
  assert.ok(Math.abs(sampled - 1000) < 5 * Math.sqrt(900), `${sampled} of 10000`); // five standard deviations
  assert.deepEqual(flags(7), flags(7));
  assert.notDeepEqual(flags(7), flags(8));
});

test('requests carry it with TRACES=w3c only', () => {
  const headers = (env: Record<string, string>) =>
    request(
      { kind: 'models', size: 'list' },
      readParameters(env, () => ''),
      0,
    ).params.headers!;
  assert.equal(headers({}).traceparent, undefined);
  assert.match(headers({ TRACES: 'w3c' }).traceparent!, /-01$/);
});

test('TRACES and TRACES_URL say in a sentence what is wrong', () => {
  const read = (env: Record<string, string>) => readParameters(env, () => '');
  assert.equal(read({ TRACES: 'none' }).traces, undefined);
  assert.equal(read({ TRACES: 'w3c' }).traces, 1);
  assert.equal(read({ TRACES: 'w3c:0.25' }).traces, 0.25);
  for (const value of ['jaeger', 'w3c:', 'w3c:0', 'w3c:1.5', 'w3c:ten', ''])
    assert.throws(() => read({ TRACES: value }), /^Error: TRACES=.* is wrong: none, w3c, or w3c with a share above 0/);
  assert.throws(
    () => read({ TRACES: 'w3c', TRACES_URL: 'http://localhost:16686/trace/' }),
    /TRACES_URL=.* is wrong: an http\(s\) address with \{id\}/,
  );
  assert.throws(() => read({ TRACES_URL: 'http://localhost:16686/trace/{id}' }), /without TRACES/);
});

test('a request that is to be refused says which statuses are wanted, and has a key, a route and a body of its own', () => {
  const p = readParameters({ API_KEY: 'good' }, () => '');
  const made = request(
    { kind: 'refused', size: 'wrong path', wanted: [404], route: 'nowhere', method: 'GET', key: 'wrong', body: '{' },
    p,
    0,
  );
  assert.equal(made.url, `${p.baseUrl}/nowhere`);
  const { method, headers, body, expectStatus } = made.params;
  assert.deepEqual([method, headers!.Authorization, body, expectStatus], ['GET', 'Bearer wrong', '{', [404]]);
  assert.deepEqual(made.tags, { kind: 'refused', size: 'wrong path', model: 'none', family: 'other' });
  const bare = request({ kind: 'refused', size: 'no key', wanted: [401, 403], key: '' }, p, 0);
  assert.equal(bare.params.headers!.Authorization, undefined);
  assert.equal(bare.url, `${p.baseUrl}/chat/completions`);
  const own = request({ kind: 'refused', size: 'bad body', wanted: [422], body: '{' }, p, 0);
  assert.equal(own.params.headers!.Authorization, 'Bearer good');
});

test('keys are used as often as their weights say, and one after the other where they have none', () => {
  const keys = (text: string) => readParameters({ API_KEYS_FILE: 'keys' }, () => text);
  assert.deepEqual(
    [0, 1, 2, 3].map((turn) => keyOf(keys('a\nb\n'), turn)),
    [0, 1, 0, 1],
  );
  const weighed = keys(`heavy 80\n${Array.from({ length: 20 }, (_, i) => `light-${i}\n`).join('')}`);
  const counts = new Array<number>(21).fill(0);
  for (let turn = 0; turn < 10_000; turn++) counts[keyOf(weighed, turn)]!++;
  assert.ok(Math.abs(counts[0]! - 8000) <= 5, `${counts[0]} of 10000`);
  for (const light of counts.slice(1)) assert.ok(Math.abs(light - 100) <= 5, `${light} of 10000`);
  const { tags } = request({ kind: 'models', size: 'list' }, weighed, 0);
  assert.equal(tags.agency, '1');
});

test('MoreThanFiftyAgencies: the tag agency ended at 50 keys, and the plan wants more than 50 agencies at once', () => {
  const agencyOf = (count: number) => {
    const keys = Array.from({ length: count }, (_, i) => `key-${i}\n`).join('');
    const p = readParameters({ API_KEYS_FILE: 'keys' }, () => keys);
    return request({ kind: 'models', size: 'list' }, p, count - 1).tags.agency;
  };
  assert.equal(agencyOf(51), '51');
  assert.equal(agencyOf(200), '200');
  assert.equal(agencyOf(201), undefined, 'each value is a series of its own in every output, so there is an end');
});
