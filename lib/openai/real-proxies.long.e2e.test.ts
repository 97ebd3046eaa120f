import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { debian } from '../../tools/programs/debian';
import { scratch } from '../../tools/programs/scratch';
import { freePort } from '../../tools/programs/services/service';
import { k6 } from '../../tools/programs/k6';
import { sound, undisturbed, why } from '../../tools/testing/k6';
import { strictGateway } from '../../tools/testing/strict';
import { cert, key } from './certificate.fixture';

/*
 * Proxies that others wrote: Tinyproxy (HTTP, CONNECT, a login) and microsocks (SOCKS5).
 */

const load = { MODEL: 'one', KINDS: 'chat', DURATION: '1s', RATE: '20', API_KEY: 'none', INSECURE: 'true' };

/** Starts a proxy and waits until it takes connections. */
async function standing(command: string, args: string[], port: number): Promise<ChildProcess> {
  const child = spawn(command, args, { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries++) {
    const socket = connect(port, '127.0.0.1');
    const up = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (up) return child;
    assert.equal(child.exitCode, null, `${command} ended`);
    await pause(50);
  }
  child.kill('SIGKILL');
  throw new Error(`${command} takes no connection on port ${port}`);
}

async function gone(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

test('Tinyproxy with a login: forwarded and by CONNECT, and its own 407 and its 500 are told as its own', async () => {
  const command = await debian('tinyproxy', 'tinyproxy');
  const port = await freePort();
  const [config, log] = [join(scratch(), 'tinyproxy.conf'), join(scratch(), 'log')];
  const lines = [`Port ${port}`, 'Listen 127.0.0.1', 'BasicAuth perf hunter2hunter2', `LogFile "${log}"`];
  writeFileSync(config, [...lines, 'LogLevel Connect', 'Timeout 60', ''].join('\n'));
  const proxy = await standing(command, ['-d', '-c', config], port);
  const plain = await strictGateway({ rule: () => undefined });
  const secure = await strictGateway({ rule: () => undefined, tls: { cert, key } });
  const PROXY = `http://perf:hunter2hunter2@127.0.0.1:${port}`;
  try {
    for (const gateway of [plain, secure]) {
      const run = sound(await undisturbed('dist/ttft.js', { env: { ...load, BASE_URL: gateway.base, PROXY } }));
      assert.equal(run.counts.finished, run.counts.started, why(run));
      assert.ok(gateway.asked.length > 10);
    }
    assert.match(readFileSync(log, 'utf8'), /CONNECT 127\.0\.0\.1/);
    for (const gateway of [plain, secure]) {
      const env = { ...load, BASE_URL: gateway.base, PROXY: `http://127.0.0.1:${port}` };
      const { run } = await k6('dist/ttft.js', { env });
      assert.match(why(run!), /the proxy http:\/\/127\.0\.0\.1:\d+ (wants a login \(407\)|answered 407)/);
    }
    const env = { ...load, BASE_URL: 'https://127.0.0.1:9/v1', PROXY };
    const { run } = await k6('dist/ttft.js', { env });
    assert.match(why(run!), /the proxy http:\/\/127\.0\.0\.1:\d+ answered 50\d/);
  } finally {
    await gone(proxy);
    plain.close();
    secure.close();
  }
});

test('microsocks with a login: to a gateway that speaks TLS, and its refusal is told as its own', async () => {
  const command = await debian('microsocks', 'microsocks');
  const port = await freePort();
  const proxy = await standing(command, ['-i', '127.0.0.1', '-p', String(port), '-u', 'perf', '-P', 'hunter2'], port);
  const gateway = await strictGateway({ rule: () => undefined, tls: { cert, key } });
  const PROXY = `socks5://perf:hunter2@127.0.0.1:${port}`;
  try {
    const run = sound(await undisturbed('dist/ttft.js', { env: { ...load, BASE_URL: gateway.base, PROXY } }));
    assert.equal(run.counts.finished, run.counts.started, why(run));
    const refused = await k6('dist/ttft.js', { env: { ...load, BASE_URL: 'http://127.0.0.1:9/v1', PROXY } });
    assert.match(why(refused.run!), /the proxy socks5:.* did not connect to 127\.0\.0\.1:9: connection refused/);
    const without = await k6('dist/ttft.js', {
      env: { ...load, BASE_URL: gateway.base, PROXY: `socks5://127.0.0.1:${port}` },
    });
    assert.match(why(without.run!), /the proxy socks5:.* wants a login/);
  } finally {
    await gone(proxy);
    gateway.close();
  }
});
