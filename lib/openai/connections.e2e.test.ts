import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { scratch } from '../../tools/programs/scratch';
import { k6 } from '../../tools/programs/k6';
import { sound, undisturbed, why } from '../../tools/testing/k6';
import { cert, key } from './certificate.fixture';

/*
 * What connections do to requests, through the whole of bin/k6: what is sent twice, what a connection costs, and what
 * is this machine's own fault.
 */

const answer =
  'data: {"choices":[{"delta":{"content":"word "},"finish_reason":null}]}\n\ndata: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

/** A gateway of one model; `chat` answers its chats. */
function gateway(chat: RequestListener): RequestListener {
  return (request, response) => {
    if (request.url!.endsWith('/models')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"one"}]}');
      return;
    }
    request.resume().on('end', () => chat(request, response));
  };
}

const streams: RequestListener = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  setTimeout(() => response.end(answer), 20);
};

async function listening<S extends Server>(server: S, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** An objective about the time to first token of all requests. */
function objective(below: number): string {
  const path = join(scratch(), 'objectives.json');
  const each = { name: 'TTFT p95', metric: 'llm_ttft', stat: 'p95', below, source: 'this test' };
  writeFileSync(path, JSON.stringify({ row: 'this test', objectives: [each] }));
  return path;
}

const env = { API_KEY: 'none', MODEL: 'one', DURATION: '3s' };

test('SentAgainSilently: 53 requests reached the target, which reset 26 of them, and the record said 27 started, 27 ok', async () => {
  const served = new WeakMap<Socket, number>();
  let reached = 0;
  let broken = 0;
  const server = createServer(
    gateway((request, response) => {
      reached++;
      const turn = (served.get(request.socket) ?? 0) + 1;
      served.set(request.socket, turn);
      if (turn < 2) return streams(request, response);
      broken++;
      request.socket.resetAndDestroy();
    }),
  );
  try {
    const base = `http://127.0.0.1:${await listening(server)}/v1`;
    // Once only, however the machine was: what the target counted is that of one run.
    const run = sound(await k6('dist/ttft.js', { env: { ...env, BASE_URL: base, RATE: '10' } }));
    assert.ok(broken > 3, `${broken} were reset`);
    assert.equal(run.counts.started, reached - 1, 'the preflight sent one');
    assert.equal(run.counts.failed, broken);
    assert.deepEqual([...new Set(run.outcomes.map(({ outcome }) => outcome))].sort(), ['ok', 'reset']);
    assert.equal(run.counts.resent, undefined);
  } finally {
    server.close();
  }
});

test('HiddenHandshakes: a TLS handshake of 0.8 s on each request is judged, and told beside TTFT', async () => {
  const context = createSecureContext({ key, cert });
  const server = createSecure(
    { SNICallback: (_, done) => void setTimeout(() => done(null, context), 800), key, cert },
    gateway((request, response) => {
      response.setHeader('connection', 'close');
      streams(request, response);
    }),
  );
  try {
    const base = `https://localhost:${await listening(server)}/v1`;
    const given = { ...env, BASE_URL: base, RATE: '20', OBJECTIVES: objective(500) };
    const { run, stdout } = await undisturbed('dist/ttft.js', { env: given, args: ['--insecure-skip-tls-verify'] });
    assert.equal(run?.verdict, 'FAIL', stdout);
    assert.match(why(run), /target: TTFT p95: measured 8\d\d/);
    const [alone] = run.metrics.llm_ttft!;
    const [felt] = run.metrics.llm_ttft_connect!;
    assert.ok(alone!.p95! < 300 && felt!.p50! > 800, `${alone!.p95} and ${felt!.p50} ms`);
    assert.match(stdout, /note +most requests waited for a new connection \((\d+) of \1\): connecting took 8\d\d ms/);
  } finally {
    server.close();
  }
});

test('FilesUsedUp: too few files for the connections are told as this machine’s, not as failures of the target', async (t) => {
  if (spawnSync('prlimit', ['--version']).status !== 0) return t.skip('no prlimit here');
  const server = createServer(gateway((_, response) => void setTimeout(() => streams(_, response), 500)));
  try {
    const given = { ...env, BASE_URL: `http://127.0.0.1:${await listening(server)}/v1`, VUS: '100', DURATION: '2s' };
    const onStart = ({ pid }: { pid?: number }) => void spawnSync('prlimit', ['--pid', String(pid), '--nofile=60:60']);
    const { run, stdout, stderr, code } = await k6('dist/ttft.js', { env: given, onStart });
    assert.equal(code, 110, stdout + stderr);
    assert.match(why(run!), /this machine, not the target, failed \d+ requests \(EMFILE: .*ulimit -n/);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

test('WrongScheme: http:// to a port that speaks TLS, https:// to one that does not, and --rps, are told before the load', async () => {
  const plain = createServer(gateway(streams));
  const secure = createSecure({ key, cert }, gateway(streams));
  try {
    const [plainPort, securePort] = [await listening(plain), await listening(secure)];
    for (const { base, args = [], says } of [
      { base: `http://127.0.0.1:${securePort}/v1`, says: /speaks TLS on this port.*give BASE_URL=https:/ },
      { base: `https://127.0.0.1:${plainPort}/v1`, says: /does not speak TLS on this port.*give BASE_URL=http:/ },
      { base: `http://127.0.0.1:${plainPort}/v1`, args: ['--rps', '5'], says: /--rps .* cannot be used.*RATE=5/ },
    ]) {
      const { run, stderr, code } = await k6('dist/ttft.js', { env: { ...env, BASE_URL: base, RATE: '10' }, args });
      assert.match(stderr, says);
      assert.notEqual(code, 0);
      assert.ok(!run || run.counts.started === 0);
    }
  } finally {
    plain.close();
    secure.close();
  }
});
