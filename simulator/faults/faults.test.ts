import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FAULTS, type FaultName } from './faults';
import { startSimulator, type Simulator } from '../start';
import { call, chatBody, start, truthOf, until, type Seen } from '../client.fixture';

/*
 * Every fault on both wires, as a raw client sees it: from the provider itself, and (at=gateway) from the gateway.
 * Streams of 6 chunks of one token; mid-stream faults strike after 2 of them.
 */
let simulator: Simulator;
before(async () => {
  simulator = await startSimulator();
});
after(() => simulator.close());

const count = (seen: { body: string }) => seen.body.split('\n').filter((line) => /"content":"[^"]/.test(line)).length;
const has = (seen: Seen) => ({
  finish: /"finish_reason":"stop"/.test(seen.body),
  usage: /"usage":\{/.test(seen.body),
  done: seen.data.includes('[DONE]'),
});
const ORDERLY = { finish: true, usage: true, done: true };

/** What a stream looks like under each fault that ends by itself. */
const endings: Partial<Record<FaultName, (seen: Seen) => void>> = {
  refuse: (seen) => assert.deepEqual([seen.status, seen.error], [0, 'ECONNRESET']),
  '429': (seen) => {
    assert.equal(seen.status, 429);
    assert.equal(seen.headers['retry-after'], '1');
  },
  '500': (seen) => assert.equal(seen.status, 500),
  '503': (seen) => assert.equal(seen.status, 503),
  error_event: (seen) => {
    assert.deepEqual([seen.status, seen.complete, count(seen)], [200, true, 2]);
    assert.match(seen.data.at(-1) ?? '', /^\{"error":\{/);
    assert.deepEqual(has(seen), { finish: false, usage: false, done: false });
  },
  cut: (seen) => assert.deepEqual([seen.status, seen.complete, count(seen)], [200, false, 2]),
  reset: (seen) =>
    assert.deepEqual([seen.status, seen.complete, seen.error, count(seen)], [200, false, 'ECONNRESET', 2]),
  empty: (seen) => {
    assert.deepEqual([seen.status, seen.body, seen.complete], [200, '', true]);
    assert.match(seen.headers['content-type'] ?? '', /^text\/event-stream/);
  },
  no_finish: (seen) => assert.deepEqual([count(seen), has(seen)], [6, { ...ORDERLY, finish: false }]),
  no_usage: (seen) => assert.deepEqual([count(seen), has(seen)], [6, { ...ORDERLY, usage: false }]),
  no_done: (seen) => assert.deepEqual([count(seen), seen.complete, has(seen)], [6, true, { ...ORDERLY, done: false }]),
  coalesced: (seen) => {
    assert.deepEqual([count(seen), has(seen)], [6, ORDERLY]);
    assert.ok(seen.reads <= 3, `10 events in ${seen.reads} reads`);
  },
  byte_at_a_time: (seen) => {
    assert.deepEqual([count(seen), has(seen)], [6, ORDERLY]);
    assert.ok(seen.reads > 20, `${seen.reads} reads`);
  },
  slow_first_byte: (seen) => assert.deepEqual([count(seen), has(seen)], [6, ORDERLY]),
  html: (seen) => {
    assert.equal(seen.status, 200);
    assert.match(seen.headers['content-type'] ?? '', /^text\/html/);
    assert.match(seen.body, /^<!doctype html>/);
  },
  not_stream: (seen) => {
    assert.equal(seen.headers['content-type'], 'application/json');
    assert.match(seen.body, /"object":"chat.completion"/);
  },
};

const wires = ['provider', 'gateway'] as const;
const urlOf = (wire: (typeof wires)[number]) =>
  (wire === 'provider' ? simulator.providerUrl : simulator.gatewayUrl) ?? '';
const body = (fault: string, wire: string, id: string) =>
  chatBody(`id=${id} ttft=2 rate=200 jitter=0 chunk=1 tokens=6 after=2 delay=120 fault=${fault} at=${wire}`, {
    stream_options: { include_usage: true },
  });

for (const wire of wires) {
  for (const fault of FAULTS) {
    const check = endings[fault];
    if (check === undefined) continue;
    test(`${fault} of the ${wire}`, async () => {
      const id = `${fault}-${wire}`;
      check(await call(`${urlOf(wire)}/chat/completions`, body(fault, wire, id)));
      const record = await truthOf(urlOf(wire), id);
      assert.deepEqual([record.fault, record.outcome], [fault, 'fault']);
      if (fault === 'slow_first_byte') assert.ok((record.first_byte_ns ?? 0) - record.received_ns >= 119e6);
    });
  }

  for (const fault of ['hang_before', 'hang_mid'] as const) {
    test(`${fault} of the ${wire}: silence, until the client leaves`, async () => {
      const id = `${fault}-${wire}`;
      const flight = start(`${urlOf(wire)}/chat/completions`, body(fault, wire, id));
      if (fault === 'hang_mid') await until(() => (count({ body: flight.body() }) === 2 ? true : undefined));
      else await truthOf(urlOf(wire), id, (record) => record.fault === fault);
      // A whole other stream goes by meanwhile; the hung one does not move, and does not end.
      await call(`${urlOf(wire)}/chat/completions`, chatBody('ttft=2 rate=200 chunk=1 tokens=10'));
      assert.equal(count({ body: flight.body() }), fault === 'hang_mid' ? 2 : 0);
      assert.equal(await Promise.race([flight.seen, Promise.resolve('still open')]), 'still open');
      flight.leave();
      const record = await truthOf(urlOf(wire), id, ({ client_gone_ns: gone }) => gone !== null);
      assert.deepEqual([record.end_ns, record.outcome], [null, 'fault']);
      assert.equal(record.first_byte_ns === null, fault === 'hang_before');
    });
  }

  test(`plain answers of the ${wire} misbehave too`, async () => {
    const plain = (fault: string) =>
      call(`${urlOf(wire)}/chat/completions`, { ...body(fault, wire, `plain-${fault}-${wire}`), stream: false });
    assert.equal((await plain('error_event')).status, 500);
    const cut = await plain('cut');
    assert.deepEqual([cut.status, cut.complete], [200, false]);
    assert.ok(cut.body.length > 10);
    assert.match((await plain('no_finish')).body, /"finish_reason":null/);
    assert.doesNotMatch((await plain('no_usage')).body, /"usage"/);
    assert.ok((await plain('byte_at_a_time')).reads > 20);
    assert.equal((await plain('html')).headers['content-type'], 'text/html; charset=utf-8');
  });
}

test('the simulator stops although connections hang', async () => {
  const own = await startSimulator();
  const flights = [own.providerUrl, own.gatewayUrl].map((url) =>
    start(`${url}/chat/completions`, body('hang_before', 'provider', 'h')),
  );
  await truthOf(own.providerUrl ?? '', 'h', (record) => record.fault === 'hang_before');
  await truthOf(own.gatewayUrl ?? '', 'h', (record) => record.provider_calls === 1);
  await own.close();
  for (const flight of flights) assert.equal((await flight.seen).complete, false);
});
