import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { k6 } from '../../tools/programs/k6';
import { scratch } from '../../tools/programs/scratch';
import { sound } from '../../tools/testing/k6';
import { streaming } from '../../tools/testing/few-ports';
import type { Looked } from '../../tools/testing/own-dns';

/*
 * What this machine and k6's own options do to connections, through the whole of bin/k6. ENOBUFS cannot be brought about
 * here: a unit test of the extension has it.
 */

test('PortsUsedUp: too few local ports for the connections are told as this machine’s, not as failures of the target', (t) => {
  const inside = ['-rn', process.execPath, '-r', './tools/build/typescript.cjs', 'tools/testing/few-ports.ts'];
  if (spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up']).status !== 0)
    return t.skip('no network namespace can be made here (unshare, ip)');
  const { stdout, stderr } = spawnSync('unshare', inside, { encoding: 'utf8', timeout: 60_000 });
  const said = JSON.parse(stdout || '{}') as { code?: number; why?: string; connect?: number };
  assert.equal(said.code, 110, stdout + stderr);
  assert.match(said.why!, /this machine, not the target, failed \d+ requests \(EADDRNOTAVAIL: /);
});

test('a name in the option hosts leads where it says, and K6_RPS is refused as --rps is', async () => {
  const server = createServer(streaming(20));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const config = join(scratch(), 'k6.json');
  writeFileSync(config, JSON.stringify({ hosts: { 'gateway.test': '127.0.0.1' } }));
  const env = { API_KEY: 'none', MODEL: 'one', DURATION: '2s', RATE: '20', BASE_URL: `http://gateway.test:${port}/v1` };
  try {
    const run = sound(await k6('dist/ttft.js', { env, args: ['--config', config] }));
    assert.deepEqual([...new Set(run.outcomes.map(({ outcome }) => outcome))], ['ok']);
    assert.equal(run.remarks, undefined, 'no other address was looked for');
    const refused = await k6('dist/ttft.js', { env, args: ['--config', config], settings: { K6_RPS: '5' } });
    assert.match(refused.stderr, /--rps \(or K6_RPS, or the option rps\) cannot be used/);
    assert.notEqual(refused.code, 0);
  } finally {
    server.close();
  }
});

test('--dns: the kind of address, the turn in which they are taken, and how long one is believed are as k6’s option has them', (t) => {
  if (spawnSync('unshare', ['-rmn', 'mount', '--bind', '/etc/hosts', '/etc/hosts']).status !== 0)
    return t.skip('no namespaces of mounts and network can be made here (unshare)');
  const ways = ['ttl=0,select=roundRobin,policy=onlyIPv4', 'ttl=5m,select=first,policy=preferIPv6'];
  const program = [process.execPath, '-r', './tools/build/typescript.cjs', 'tools/testing/own-dns.ts', ...ways];
  const { stdout, stderr } = spawnSync('unshare', ['-rmn', ...program], { encoding: 'utf8', timeout: 60_000 });
  assert.ok(stdout.startsWith('['), stdout + stderr);
  const [turns, first] = JSON.parse(stdout) as [Looked, Looked];
  const [one = 0, other = 0] = [turns.to['127.0.0.2'], turns.to['127.0.0.3']];
  assert.deepEqual([Object.keys(turns.outcomes), turns.to['::1']], [['ok'], undefined], JSON.stringify(turns));
  assert.ok(one > 15 && Math.abs(one - other) <= 4, `${one} and ${other} connections: one after the other`);
  assert.ok(turns.asked.A >= one + other, `${turns.asked.A} look-ups for ${one + other} connections`);
  assert.deepEqual([Object.keys(first.outcomes), Object.keys(first.to)], [['ok'], ['::1']], JSON.stringify(first));
  assert.ok(first.asked.AAAA <= 3, `${first.asked.AAAA} look-ups for ${first.to['::1']} connections`);
});
