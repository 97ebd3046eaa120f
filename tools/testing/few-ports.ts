import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { k6 } from '../programs/k6';
import { why } from './k6';

/*
 * To be run in a network namespace of its own: a gateway, and a load that needs more connections than there are local
 * ports. Prints what came of it as JSON.
 */

const answer =
  'data: {"choices":[{"delta":{"content":"word "},"finish_reason":null}]}\n\ndata: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

/** A gateway of one model, whose streams come after so many ms. */
export const streaming =
  (ms: number): RequestListener =>
  (request, response) => {
    if (request.url!.endsWith('/models')) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[{"id":"one"}]}');
      return;
    }
    request.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      setTimeout(() => response.end(answer), ms);
    });
  };

async function main(): Promise<void> {
  spawnSync('ip', ['link', 'set', 'lo', 'up']);
  const server = createServer(streaming(500));
  server.listen(39_999, '127.0.0.1');
  await once(server, 'listening');
  writeFileSync('/proc/sys/net/ipv4/ip_local_port_range', '40000 40019');
  const { port } = server.address() as AddressInfo;
  const env = { API_KEY: 'none', MODEL: 'one', VUS: '100', DURATION: '2s', BASE_URL: `http://127.0.0.1:${port}/v1` };
  const { run, code, stderr } = await k6('dist/ttft.js', { env });
  process.stdout.write(JSON.stringify({ code, why: run ? why(run) : stderr }));
  server.closeAllConnections();
  server.close();
}

if (require.main === module) void main();
