import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, chatBody, configure, start, truthOf } from '../../client.fixture';
import { runSimulator } from '../../running.fixture';

/*
 * Flaws of what stands around the calls: instances and their connections, classes of keys, the line to the clients, and
 * answers that go to another request.
 */
const at = runSimulator();

const flaws = (patch: object) => configure(at.base, { gateway: { flaws: patch } });
const chat = (words: string, more: Record<string, unknown> = {}) =>
  call(`${at.base}/chat/completions`, chatBody(words, more));
const timed = async (act: () => Promise<unknown>) => {
  const began = performance.now();
  await act();
  return performance.now() - began;
};

test('instances are named in turn, by connection, and the last one is slow where that is wanted', async () => {
  await flaws({ instances: { count: 2, slow_ms: 60 } });
  const seen: unknown[] = [];
  const times: number[] = [];
  for (let i = 0; i < 4; i++)
    times.push(await timed(async () => seen.push((await call(`${at.base}/models`)).headers['x-instance'])));
  assert.deepEqual([...seen].sort(), ['gateway-1', 'gateway-1', 'gateway-2', 'gateway-2']);
  for (const [i, name] of seen.entries())
    assert.equal(times[i]! > 50, name === 'gateway-2', `${String(name)}: ${times[i]} ms`);
});

test('answers_per_connection: the answer says that the connection is closed after it', async () => {
  await flaws({ answers_per_connection: 1 });
  assert.equal((await call(`${at.base}/models`)).headers.connection, 'close');
});

test('key_class_ms: every second key waits', async () => {
  await configure(at.base, { gateway: { keys: { other: {} } } });
  await flaws({ key_class_ms: 60 });
  const ask = (key: string) => timed(() => call(`${at.base}/models`, undefined, { key }));
  const times = [await ask('gsai-sim-key'), await ask('other'), await ask('other')];
  assert.deepEqual(
    times.map((ms) => ms > 50),
    [false, true, true],
    times.join(' '),
  );
});

test('bandwidth_kb_per_s: a plain answer takes as long as its bytes need on the line', async () => {
  const whole = (await chat('ttft=1 rate=100000 jitter=0 tokens=200')).body.length;
  await flaws({ bandwidth_kb_per_s: whole / 1024 / 0.1 });
  const ms = await timed(() => chat('ttft=1 rate=100000 jitter=0 tokens=200'));
  assert.ok(ms >= 95, `${ms} ms, 100 wanted`);
});

test('crosstalk_share: a chat gets the answer to the one before it', async () => {
  await flaws({ crosstalk_share: 1 });
  await chat('id=first echo=1 tokens=3 ttft=1');
  assert.match((await chat('id=second echo=1 tokens=3 ttft=1')).body, /first\./);
});

test('leak_mb_per_hangup: a stream whose client leaves keeps memory, one that ends does not', async () => {
  await flaws({ leak_mb_per_hangup: 40 });
  await chat('ttft=1 rate=10000 tokens=3', { stream: true });
  const before = process.memoryUsage().arrayBuffers;
  const flight = start(`${at.base}/chat/completions`, chatBody('id=left fault=hang_before', { stream: true }));
  await truthOf(at.provider, 'left', (record) => record.fault === 'hang_before');
  flight.leave();
  await truthOf(at.base, 'left', (record) => record.client_gone_ns !== null);
  assert.ok(process.memoryUsage().arrayBuffers - before > 39 * 2 ** 20);
});

test('leak_mb_per_failure: a call that the provider fails keeps memory, one that it answers does not', async () => {
  // Much more than the tests before this one have left to be collected meanwhile.
  await flaws({ leak_mb_per_failure: 160 });
  const before = process.memoryUsage().arrayBuffers;
  await chat('ttft=1 rate=10000 tokens=3');
  assert.ok(process.memoryUsage().arrayBuffers - before < 20 * 2 ** 20);
  await chat('fault=503');
  assert.ok(process.memoryUsage().arrayBuffers - before > 100 * 2 ** 20);
});

test('breaker_ms: each look at the breaker costs time where one is on, and nothing where none is', async () => {
  await flaws({ breaker_ms: 60 });
  const failover = (failures: number) =>
    configure(at.base, { gateway: { failover: { on: true, breaker: { failures, probe_ms: 300 } } } });
  const ask = () => timed(() => chat('ttft=1 rate=100000 jitter=0 tokens=3'));
  await failover(3);
  const looked = await ask();
  await failover(0);
  assert.ok(looked > 59 && (await ask()) < looked, `${looked} ms`);
});

test('aborts_break_key: the request after one whose client hung up fails, and the one after that does not', async () => {
  await flaws({ aborts_break_key: true });
  const flight = start(`${at.base}/chat/completions`, chatBody('id=gone fault=hang_before'));
  await truthOf(at.provider, 'gone', (record) => record.fault === 'hang_before');
  flight.leave();
  await truthOf(at.base, 'gone', (record) => record.client_gone_ns !== null);
  const seen = [(await call(`${at.base}/models`)).status, (await call(`${at.base}/models`)).status];
  assert.deepEqual(seen, [500, 200]);
});
