import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { constants, createGzip } from 'node:zlib';
import { sound, undisturbed } from '../../tools/testing/k6';
import { cert, key } from './certificate.fixture';

/*
 * Streams that the kernel's stamps cannot time, through the whole of bin/k6: a TLS server that refuses HTTP/1.1, and
 * one that answers HTTP/1.1 in gzip unasked.
 */

const tokens = 8;
/** Between two of them, ms. */
const gap = 40;

/** A gateway of one model that streams `tokens` tokens; it says which protocols it was asked in. */
async function gateway(
  allowHTTP1: boolean,
  gzip: boolean,
): Promise<{ server: Http2SecureServer; base: string; protocols: Set<string> }> {
  const protocols = new Set<string>();
  const server = createSecureServer(
    { key, cert, allowHTTP1, ...(allowHTTP1 && { ALPNProtocols: ['http/1.1'] }) },
    (request, response) => {
      protocols.add(request.httpVersion);
      if (request.url === '/v1/models') {
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"one"}]}');
        return;
      }
      request.resume().on('end', () => {
        response.writeHead(200, { 'content-type': 'text/event-stream', ...(gzip && { 'content-encoding': 'gzip' }) });
        const zip = gzip ? createGzip({ flush: constants.Z_SYNC_FLUSH }) : undefined;
        zip?.on('data', (chunk: Buffer) => response.write(chunk)).on('end', () => response.end());
        const say = (data: string) => (zip ? zip.write(`data: ${data}\n\n`) : response.write(`data: ${data}\n\n`));
        let said = 0;
        const timer = setInterval(() => {
          if (said++ < tokens) {
            say('{"choices":[{"delta":{"content":"word "},"finish_reason":null}]}');
            return;
          }
          clearInterval(timer);
          say('{"choices":[{"delta":{},"finish_reason":"stop"}]}');
          say(`{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":${tokens}}}`);
          say('[DONE]');
          if (zip) zip.end();
          else response.end();
        }, gap);
      });
    },
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, base: `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, protocols };
}

for (const { name, http1, gzip, protocol, counted } of [
  {
    name: 'a gateway that refuses HTTP/1.1 is measured over HTTP/2',
    http1: false,
    gzip: false,
    protocol: '2.0',
    counted: 'http2',
  },
  {
    name: 'a stream in gzip over HTTP/2 is measured, and counts as one over HTTP/2',
    http1: false,
    gzip: true,
    protocol: '2.0',
    counted: 'http2',
  },
  { name: 'a stream in gzip over HTTP/1.1 is measured', http1: true, gzip: true, protocol: '1.1', counted: 'gzip' },
] as const) {
  test(name, async () => {
    const { server, base, protocols } = await gateway(http1, gzip);
    try {
      const env = { BASE_URL: base, API_KEY: 'none', MODEL: 'one', RATE: '10', DURATION: '3s' };
      const run = sound(await undisturbed('dist/ttft.js', { env, args: ['--insecure-skip-tls-verify'] }));
      assert.deepEqual([...protocols], [protocol]);
      assert.equal(run.counts.started, 30);
      assert.equal(run.counts.finished, 30, JSON.stringify(run.outcomes));
      const { clock, read_clock } = run.instrument;
      const stamped = clock === 'kernel' ? 30 : 0; // else all are measured at the read, and that is said
      assert.deepEqual(read_clock, { http2: 0, gzip: 0, [counted]: stamped });
      const [ttft] = run.metrics.llm_ttft!;
      const [gaps] = run.metrics.llm_inter_chunk!;
      assert.equal(ttft!.count, 30);
      assert.equal(gaps!.count, 30 * (tokens - 1));
      // A timer never strikes early, so what was measured of one is no less; that it came one by one shows in the
      // median.
      assert.ok(ttft!.min! > gap - 2, `TTFT from ${ttft!.min} ms on`);
      assert.ok(gaps!.p50! > gap / 2, `the median gap is ${gaps!.p50} ms of ${gap}`);
    } finally {
      server.close();
    }
  });
}
