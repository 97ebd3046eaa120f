import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { call, chatBody, configure, resetConfig, start, until } from '../../client.fixture';
import { startSimulator, type Simulator } from '../../start';

/*
 * What an operator sees: the gateway's own page, traces, what is not given back, and how it begins and ends.
 */
let simulator: Simulator;
let base: string;
let chat: string;

before(async () => {
  simulator = await startSimulator({ otlpUrl: 'provider' });
  base = simulator.gatewayUrl ?? '';
  chat = `${base}/chat/completions`;
});
beforeEach(() => resetConfig(base));
after(() => simulator.close());

const QUICK = 'ttft=5 rate=1000 jitter=0 chunk=2';
const flaws = (patch: object) => configure(base, { gateway: { flaws: patch } });
const list = () => call(`${base}/models`);
const plain = () => call(chat, chatBody(QUICK, { stream: false }));

/** The sum of the values whose name begins so; undefined where the page has none. */
async function shown(name: string): Promise<number | undefined> {
  const text = await (await fetch(new URL('/metrics', base))).text();
  const found = text.split('\n').filter((line) => line.startsWith(name));
  return found.length === 0 ? undefined : found.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}
const counted = (name: string, value: number) => until(async () => ((await shown(name)) === value ? true : undefined));

test('the own page counts requests by route and status, their durations, bytes, log and connections in use', async () => {
  const all = (await shown('http_requests_total')) ?? 0;
  const [read, sent] = [await shown('process_network_receive'), await shown('process_network_transmit')];
  await flaws({ log: { bytes: 500 } });
  await list();
  await call(`${base}/no-such-route`);
  await counted('http_requests_total', all + 2);
  assert.equal(await shown('http_requests_total{handler="none",method="GET",status="404"}'), 1);
  assert.equal(await shown('log_bytes_total'), 1000);
  assert.ok((await shown('process_network_receive'))! > read! && (await shown('process_network_transmit'))! > sent!);
  const held = start(chat, chatBody('id=held fault=hang_before', { stream: false }));
  await counted('db_pool_checked_out', 1);
  assert.equal(await shown('http_requests_inprogress'), 1);
  held.leave();
  await counted('db_pool_checked_out', 0);
  assert.equal(await shown('billing_queue_length'), undefined, 'there is no queue');
});

test('flaw metrics_wrong: requests that are not counted, durations that end at the headers, figures that are old', async () => {
  const took = 'http_request_duration_seconds_sum{handler="/api/v1/chat/completions"';
  const slow = () => call(chat, chatBody('ttft=1 rate=20 jitter=0 chunk=1 tokens=6'));
  const all = (await shown('http_requests_total')) ?? 0;
  await flaws({ empty_200_on_failure: true, metrics_wrong: { duration_at_headers: true } });
  const before = (await shown(took)) ?? 0;
  await slow();
  await counted('http_requests_total', all + 1);
  assert.ok((await shown(took))! - before < 0.2, 'the stream takes a quarter of a second');
  await flaws({ metrics_wrong: { duration_at_headers: false, drop_share: 1 } });
  await list();
  await flaws({ metrics_wrong: { drop_share: 0 } });
  await list();
  await counted('http_requests_total', all + 2);
  const memory = (await shown('process_resident_memory_bytes'))!;
  await flaws({ metrics_wrong: { memory_share: 0.25, cpu_share: 0 } });
  assert.ok((await shown('process_resident_memory_bytes'))! < 0.5 * memory);
  assert.equal(await shown('process_cpu_seconds_total'), 0);
  await flaws({ metrics_wrong: { memory_share: 1, cpu_share: 1 } });
  await flaws({ metrics_wrong: { refresh_s: 60 } });
  await list();
  assert.equal(await shown('http_requests_total'), all + 2, 'as it was made the last time');
});

test('flaws leak, billing and drift: what is left behind shows on the page, and is given back when they are off', async () => {
  await flaws({ leak: { db_share: 0.5 } });
  for (let i = 0; i < 4; i++) await plain();
  assert.equal(await shown('db_pool_checked_out'), 2);
  await flaws({ leak: { db_share: 0 }, billing: { per_s: 0.1, kb: 1 }, drift_ms_per_1k_requests: 20_000 });
  assert.equal(await shown('db_pool_checked_out'), 0);
  for (let i = 0; i < 3; i++) await list();
  assert.equal(await shown('billing_queue_length'), 3);
  const begun = performance.now();
  await list();
  assert.ok(performance.now() - begun >= 59, 'three requests came before it');
  await flaws({ drift_ms_per_1k_requests: 0, billing: { per_s: 100 } });
  await counted('billing_queue_length', 0);
  // Where the system tells which sockets and threads are open.
  await flaws({ leak: { sockets_share: 1 } });
  const files = await shown('process_open_fds');
  if (files === undefined) return;
  for (let i = 0; i < 5; i++) await list();
  await until(async () => ((await shown('process_open_fds'))! >= files + 5 ? true : undefined));
});

test('flaws cold and cache.stampede: the first request of a model costs more, and with a stampede all that come with it do', async () => {
  const timed = async () => {
    const begun = performance.now();
    await plain();
    return performance.now() - begun;
  };
  await flaws({ cold: { first_ms: 100 } });
  assert.ok((await timed()) >= 99);
  assert.ok((await timed()) < 99);
  await flaws({ cold: { first_ms: 0 }, cache: { model_miss_ms: 100, stampede: true } });
  const together = await Promise.all([timed(), timed(), timed()]);
  assert.ok(
    together.every((ms) => ms >= 99),
    String(together),
  );
  assert.ok((await timed()) < 99);
});

test('a trace can be had as of Jaeger at the provider; flaw spans_missing: a share has no span of the gateway, or none of the call', async () => {
  let n = 0;
  const traced = async (wanted: number) => {
    const id = (n += 1).toString(16).padStart(32, '0');
    await call(chat, chatBody(`id=t${id} ${QUICK}`, { stream: false }), {
      headers: { traceparent: `00-${id}-00000000000000aa-01` },
    });
    return until(async () => {
      const answer = await fetch(new URL(`/api/traces/${id}`, simulator.providerUrl ?? ''));
      if (!answer.ok) return wanted === 0 ? [] : undefined;
      const { data } = (await answer.json()) as { data: { spans: { tags: { value: unknown }[] }[] }[] };
      const spans = data[0]?.spans.map(({ tags }) => tags[0]?.value) ?? [];
      return spans.length >= wanted ? spans.sort() : undefined;
    });
  };
  assert.deepEqual(await traced(2), ['client', 'server']);
  await flaws({ spans_missing: { provider: true } });
  assert.deepEqual(await traced(1), ['server']);
  await flaws({ spans_missing: { provider: false, share: 1 } });
  assert.deepEqual(await traced(1), ['client']);
});

test('flaw network_ms: everything is so much later', async () => {
  await flaws({ network_ms: 60 });
  const begun = performance.now();
  await list();
  assert.ok(performance.now() - begun >= 59);
});

test('a gateway that ends in order takes no new connections, and lets what is under way end; one that is cut does not', async (t) => {
  for (const shutdown of ['graceful', 'cut']) {
    const own = await startSimulator();
    t.after(() => own.close());
    const url = own.gatewayUrl ?? '';
    await configure(url, { gateway: { flaws: { shutdown } } });
    const flight = start(
      `${url}/chat/completions`,
      chatBody('id=last ttft=1 rate=50 jitter=0 chunk=1 tokens=20', { stream: true }),
    );
    await until(() => (flight.body() === '' ? undefined : true));
    const ended = own.end();
    await until(async () => ((await call(`${url}/models`)).status === 0 ? true : undefined));
    const { body } = await flight.seen.catch(() => ({ body: flight.body() }));
    assert.equal(body.endsWith('data: [DONE]\n\n'), shutdown === 'graceful', shutdown);
    await ended;
  }
});
