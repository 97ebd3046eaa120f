import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as http from 'node:http';
import type { Socket } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, test } from 'node:test';
import * as tls from 'node:tls';
import { startSimulator, type Simulator } from '../start';
import { keepAuthority } from './authority';

/* The provider's port as the proxy of a program's environment (HTTPS_PROXY): it leads every name to the simulator, and needs no root. */
let folder: string;
let ca: string;
let simulator: Simulator;
let plain: Simulator;
before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulator-proxy-'));
  const { authority, file } = await keepAuthority(folder);
  ca = fs.readFileSync(file, 'utf8');
  simulator = await startSimulator({ tls: { authority } });
  plain = await startSimulator({ only: 'provider' });
});
after(async () => {
  await Promise.all([simulator.close(), plain.close()]);
  fs.rmSync(folder, { recursive: true });
});

/** Asks a proxy for a tunnel: the connection, or what it said instead. */
function tunnel(proxy: string | null, to: string): Promise<{ status: number; socket: Socket; said: string }> {
  return new Promise((resolve, reject) => {
    http
      .request(proxy ?? '', { method: 'CONNECT', path: to, agent: false })
      .once('connect', ({ statusCode = 0 }, socket, head) => {
        const parts: Buffer[] = [head];
        socket.on('data', (part: Buffer) => parts.push(part));
        const done = () =>
          resolve({ status: statusCode, socket: socket as Socket, said: Buffer.concat(parts).toString() });
        if (statusCode !== 200) return void socket.once('end', done);
        socket.removeAllListeners('data');
        done();
      })
      .once('error', reject)
      .end();
  });
}

test("a provider's own name leads to the simulator under TLS, by the proxy, over HTTP/1.1 and HTTP/2", async () => {
  const name = 'bedrock-runtime.us-east-1.amazonaws.com';
  for (const protocol of ['http/1.1', 'h2']) {
    const { socket, status } = await tunnel(simulator.providerUrl, `${name}:443`);
    assert.equal(status, 200);
    const secure = tls.connect({ socket, servername: name, ca, ALPNProtocols: [protocol] });
    await new Promise((resolve, reject) => secure.once('secureConnect', resolve).once('error', reject));
    assert.ok(secure.authorized);
    assert.equal(secure.alpnProtocol, protocol);
    if (protocol === 'http/1.1') {
      const answer = await new Promise<http.IncomingMessage>((resolve, reject) =>
        http
          .request(`http://${name}/v1/models`, {
            createConnection: () => secure,
            headers: { authorization: 'Bearer any' },
          })
          .once('response', resolve)
          .once('error', reject)
          .end(),
      );
      assert.equal(answer.statusCode, 200);
      answer.resume();
    }
    secure.destroy();
  }
});

test('it is no proxy to anywhere else, and says so: other ports, and a simulator without TLS', async () => {
  const other = await tunnel(simulator.providerUrl, '127.0.0.1:22');
  assert.equal(other.status, 403);
  assert.match(other.said, /stands for port 443 of any name, and not for 127\.0\.0\.1:22\./);
  const none = await tunnel(plain.providerUrl, 'api.openai.com:443');
  assert.equal(none.status, 403);
  assert.match(none.said, /needs --tls <folder>/);
});
