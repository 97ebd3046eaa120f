import assert from 'node:assert/strict';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { openNullTarget } from '../null/target';
import { startSimulator } from '../start';
import { keepAuthority } from '../tls/authority';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cannotListen } from './bind';

const other = createServer();
let port = 0;
before(async () => {
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  port = (other.address() as AddressInfo).port;
});
after(() => other.close());

const taken = (options: string) =>
  `Cannot listen on 127.0.0.1:${port}: the port is already in use by another program. Choose another port with ${options}`;

test('a gateway and the simulator both want port 8080: the sentence names the option for another port, and how to start the provider alone', async () => {
  await assert.rejects(startSimulator({ gatewayPort: port }), {
    message: taken(
      '--gateway-port N; 0 takes any free one. If a gateway of yours listens there, start the provider alone with --only provider.',
    ),
  });
  await assert.rejects(startSimulator({ providerPort: port, ownThread: true }), {
    message: taken('--provider-port N; 0 takes any free one.'),
  });
  await assert.rejects(openNullTarget({ port }), { message: taken('--port N; 0 takes any free one.') });
});

test('the port for TLS that is taken is named by its own option, and the provider is closed again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bind-'));
  try {
    const { authority } = await keepAuthority(join(folder, 'ca'));
    await assert.rejects(startSimulator({ only: 'provider', tls: { port, authority } }), {
      message: taken('--tls-port N; 0 takes any free one.'),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('port 443 needs root: the sentence says so, names another port, the proxy that makes it needless, and how it is allowed', () => {
  const denied = Object.assign(new Error('listen EACCES: permission denied 127.0.0.1:443'), { code: 'EACCES' });
  const told = cannotListen(denied, '127.0.0.1', 443, { port: '--tls-port', denied: 'Clients take HTTPS_PROXY.' });
  assert.match(
    told,
    /^Cannot listen on 127\.0\.0\.1:443: this user may not listen on this port\. Ports below 1024 need/,
  );
  assert.match(told, /Choose a port from 1024 on with --tls-port N; .* Clients take HTTPS_PROXY\. /);
  assert.match(told, /sudo sysctl net\.ipv4\.ip_unprivileged_port_start=443$/);
});

test('an address that this machine does not have is refused with the option that names it', async () => {
  // 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
  await assert.rejects(startSimulator({ host: '192.0.2.1' }), {
    message:
      'Cannot listen on 192.0.2.1:0: this machine does not have the address 192.0.2.1. Give one that it has with --host: ' +
      '127.0.0.1 for programs of this machine, 0.0.0.0 for all.',
  });
  assert.equal(cannotListen(new Error('x'), '::1', 80), 'Cannot listen on [::1]:80: x.');
});
