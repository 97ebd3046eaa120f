import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, chatBody, configure, start, truthOf, until, resetConfig } from '../../client.fixture';
import { runSimulator } from '../../running.fixture';

/*
 * Flaws that show when many requests come at once: pools, limits, locks, and what keeps the event loop busy.
 */
const at = runSimulator();

const QUICK = 'ttft=5 rate=1000 jitter=0 chunk=2 tokens=1';
const flaws = (patch: object) => configure(at.base, { gateway: { flaws: patch } });
const models = () => call(`${at.base}/models`);
const hang = async (id: string, stream = false) => {
  const flight = start(at.chat, chatBody(`id=${id} fault=hang_before`, { stream }));
  await truthOf(at.provider, id, (record) => record.fault === 'hang_before');
  return flight;
};

test('db_pool held by all: a stream keeps its place to its end; held for the check alone: nobody does', async () => {
  await flaws({ db_pool: { size: 1, timeout_ms: 60, hold: 'all' } });
  const held = await hang('all', true);
  assert.equal((await models()).status, 500);
  held.leave();
  await flaws({ db_pool: { size: 1, timeout_ms: 60_000, hold: 'auth' } });
  const flights = [await hang('auth-1'), await hang('auth-2', true)];
  assert.equal((await models()).status, 200);
  for (const flight of flights) flight.leave();
});

test('db_pool hold_after_ms: the place comes back late; leak_share: not at all from who hangs up, until the pool is off', async () => {
  await flaws({ db_pool: { size: 1, timeout_ms: 5_000, hold: 'all', hold_after_ms: 80 } });
  await models();
  const began = performance.now();
  assert.equal((await models()).status, 200);
  assert.ok(performance.now() - began > 60, 'it waited for the place');
  await resetConfig(at.base);
  await flaws({ db_pool: { size: 1, timeout_ms: 40, hold: 'all', leak_share: 1 } });
  (await hang('lost')).leave();
  await truthOf(at.base, 'lost', (record) => record.client_gone_ns !== null);
  assert.equal((await models()).status, 500);
  await resetConfig(at.base);
  await flaws({ db_pool: { size: 1, timeout_ms: 40, hold: 'all' } });
  assert.equal((await models()).status, 200);
});

test('limit_concurrency refuses at once what is beyond it, of all requests or of streams alone', async () => {
  await flaws({ limit_concurrency: { size: 1 } });
  const first = await hang('first');
  assert.equal((await models()).status, 503);
  await flaws({ limit_concurrency: { size: 1, streams_only: true, status: 429 } });
  assert.equal((await models()).status, 200);
  const stream = await hang('stream', true);
  assert.equal((await call(at.chat, chatBody(QUICK))).status, 429);
  for (const flight of [first, stream]) flight.leave();
});

test('rate_limit: one second of requests at once, then 429 with Retry-After, of each key for itself', async () => {
  await configure(at.base, { gateway: { keys: { other: {} } } });
  await flaws({ rate_limit: { per_second: 2, per_key: true, retry_after: 3 } });
  const seen = [await models(), await models(), await models()];
  assert.deepEqual(
    seen.map(({ status }) => status),
    [200, 200, 429],
  );
  assert.equal(seen[2]!.headers['retry-after'], '3');
  assert.equal((await call(`${at.base}/models`, undefined, { key: 'other' })).status, 200);
});

test('key_lock_ms: requests of one key wait for one another, and no other key does', async () => {
  await configure(at.base, { gateway: { keys: { other: {} } } });
  await flaws({ key_lock_ms: 40 });
  const began = performance.now();
  const took = async (key?: string) => {
    await call(`${at.base}/models`, undefined, key === undefined ? {} : { key });
    return performance.now() - began;
  };
  const [a, b, c, other] = await Promise.all([took(), took(), took(), took('other')]);
  assert.ok(Math.max(a, b, c) >= 118, `three of one key take ${Math.max(a, b, c)} ms`);
  assert.ok(other < Math.max(a, b, c), 'another key is not behind them');
});

test('capacity: who is beyond it waits; what waits slows what is served down; fair: the keys take turns', async () => {
  await configure(at.base, { gateway: { keys: { light: {} } } });
  const order: string[] = [];
  const ask = async (name: string, key?: string) => {
    await call(`${at.base}/models`, undefined, key === undefined ? {} : { key });
    order.push(name);
  };
  const queue = async (fair: boolean) => {
    order.length = 0;
    await flaws({ capacity: { in_flight: 1 }, fair, key_lock_ms: 15 });
    const first = ask('heavy-1');
    const others = [ask('heavy-2'), ask('heavy-3'), ask('light', 'light')];
    await Promise.all([first, ...others]);
    return order.indexOf('light');
  };
  assert.equal(await queue(false), 3, 'the first that came is the first served');
  assert.ok((await queue(true)) < 3, 'the keys take turns');
  await flaws({ fair: false, capacity: { collapses_ms: 30 } });
  const began = performance.now();
  await Promise.all([models(), models(), models()]);
  // The second is served while the third waits.
  assert.ok(performance.now() - began >= 3 * 15 + 30 - 2);
});

test('workers: what keeps one busy does not keep the connections of the other waiting, and one alone blocks all', async () => {
  const stamps = async (id: string) => {
    const slow = start(at.chat, chatBody(`id=${id} ttft=5 rate=100 jitter=0 chunk=1 tokens=12`));
    await truthOf(at.base, id, (record) => record.content_ns.length > 0);
    await Promise.all([models(), models()]);
    await slow.seen;
    const { content_ns: written } = await truthOf(at.base, id, (record) => record.content_ns.length === 12);
    return Math.max(...written.slice(1).map((ns, i) => (ns - written[i]!) / 1e6));
  };
  await flaws({ block_ms: { models: 60 }, workers: 1 });
  assert.ok((await stamps('one')) >= 55, 'the stream stood still');
  await flaws({ block_ms: { models: 60 }, workers: 64 });
  assert.ok((await stamps('many')) < 50, 'another worker answered the lists');
});

test('cpu_ms_per_request, block_ms and pauses keep the event loop busy', async () => {
  const took = async (request: () => Promise<unknown>) => {
    const began = performance.now();
    await request();
    return performance.now() - began;
  };
  await flaws({ cpu_ms_per_request: 20 });
  assert.ok((await took(models)) >= 20);
  await flaws({ cpu_ms_per_request: 0, block_ms: { refused: 30, embedding: 25 } });
  assert.ok((await took(() => call(`${at.base}/models`, undefined, { key: 'nobody' }))) >= 30);
  assert.ok((await took(() => call(`${at.base}/embeddings`, { model: 'cohere_english_v3', input: 'x' }))) >= 25);
  await resetConfig(at.base);
  await flaws({ pauses: { every_ms: 20, ms: 30 } });
  await until(async () => ((await took(models)) >= 20 ? true : undefined));
});
