import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as net from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as tls from 'node:tls';
import { cert, key } from '../lib/openai/certificate.fixture';
import { scratch } from '../tools/programs/scratch';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

const provider = { claude_3_haiku: { ttft_ms: 20, tokens_per_second: 1000 } };
const env = { RATE: '80', DURATION: '7s' };

/** A proxy that ends TLS before the gateway, and has each connection wait for so long before its handshake. */
async function secured(t: TestContext, gateway: string, waitMs: number): Promise<string> {
  const to = new URL(gateway);
  const inside = tls.createServer({ cert, key }, (socket) => {
    const onward = net.connect(Number(to.port), to.hostname);
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  const outside = net.createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => undefined);
    setTimeout(() => inside.emit('connection', socket), waitMs);
  });
  await new Promise<void>((ready) => outside.listen(0, '127.0.0.1', ready));
  t.after(() => outside.close());
  return `https://127.0.0.1:${(outside.address() as net.AddressInfo).port}${to.pathname}`;
}

test('a gateway in order passes: connections are cheap and kept, and two instances get as much and are as fast', async (t) => {
  const { record, text } = await flawedRun(t, 'balance', {
    flaws: { instances: { count: 2 } },
    provider,
    env: { ...env, INSTANCE_HEADER: 'X-Instance' },
  });
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(text('connections-not-kept'), /^connections are kept/);
  assert.match(text('uneven-instances'), /^instances get even shares of/);
  assert.match(text('slow-instance'), /^no instance of 2 is slower than the others/);
});

test('a gateway that closes each connection after four answers makes a quarter of the requests pay for a new one', async (t) => {
  const { record, text } = await flawedRun(t, 'balance', { flaws: { answers_per_connection: 4 }, provider, env });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('connections-not-kept'),
    /^2\d\.\d % of the requests pay a new connection, .*closes a connection after about 4 answers/,
  );
});

test('TLS that is slow to set up is found as what connecting takes, and as what a new connection costs', async (t) => {
  const { record, text } = await flawedRun(t, 'balance', {
    provider,
    env: async ({ gateway }) => {
      const trusted = join(scratch(), 'ca.pem');
      writeFileSync(trusted, cert);
      return { ...env, BASE_URL: await secured(t, gateway, 70), CA_FILE: trusted };
    },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('new-connection'),
    /^a request over a new connection takes [78]\d\.\d ms \[.*connecting \(TCP, and TLS where it is https\) takes [78]\d\.\d ms/,
  );
  assert.match(text('connections-not-kept'), /^connections are kept/);
});

test('what the balancer adds is the difference to an instance that is asked directly', async (t) => {
  const { record, text } = await flawedRun(t, 'balance', {
    provider,
    env: async ({ gateway }) => {
      const to = new URL(gateway);
      // Bytes pass each way half of the delay late.
      const balancer = net.createServer({ noDelay: true }, (socket) => {
        const onward = net.connect({ port: Number(to.port), host: to.hostname, noDelay: true });
        const late = (from: net.Socket, into: net.Socket) => {
          from.on('data', (bytes) => setTimeout(() => into.write(bytes), 30));
          from.on('close', () => setTimeout(() => into.destroy(), 30));
          from.on('error', () => undefined);
        };
        late(socket, onward);
        late(onward, socket);
      });
      await new Promise<void>((ready) => balancer.listen(0, '127.0.0.1', ready));
      t.after(() => balancer.close());
      const port = (balancer.address() as net.AddressInfo).port;
      return { ...env, BASE_URL: `http://127.0.0.1:${port}${to.pathname}`, BASE_URLS: gateway };
    },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('balancer-adds'),
    /^through the balancer a model list takes 6\d\.\d ms \[6\d\.\d, 6\d\.\d\] longer/,
  );
});
