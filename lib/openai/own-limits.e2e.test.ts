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
import { sound, why } from '../../tools/testing/k6';
import { streaming } from '../../tools/testing/few-ports';
import type { Looked } from '../../tools/testing/own-dns';

/*
 * What this machine and k6's own options do to connections, through the whole of bin/k6.
 */

/**
 * A command that becomes another one to which the kernel answers ENOBUFS for each connection whose descriptor is `from` or
 * above, by a filter of system calls: so the kernel answers where it has no room for more. undefined where it cannot be.
 */
function noBuffers(from: number): string[] | undefined {
  const [prctl, connect] = { x64: [157, 42], arm64: [167, 203] }[process.arch as string] ?? [];
  if (prctl === undefined || process.platform !== 'linux') return undefined;
  // struct sock_filter: code, where to go on if so and if not, value. See bpf(2) and seccomp(2).
  const filter = `0x20,0,0,0, 0x15,0,3,${connect}, 0x20,0,0,16, 0x35,0,1,${from}, 6,0,0,0x00050069, 6,0,0,0x7fff0000`;
  const program = `my $f = pack("SCCL" x 6, ${filter}); my $p = pack("Sx6P", 6, $f);
    syscall(${prctl}, 38, 1, 0, 0, 0) == 0 && syscall(${prctl}, 22, 2, $p, 0, 0) == 0 or die "no filter"; exec @ARGV;`;
  return spawnSync('perl', ['-e', program, 'true']).status === 0 ? ['perl', '-e', program] : undefined;
}

test('PortsUsedUp: too few local ports for the connections are told as this machine’s, not as failures of the target', (t) => {
  const inside = ['-rn', process.execPath, '-r', './tools/build/typescript.cjs', 'tools/testing/few-ports.ts'];
  if (spawnSync('unshare', ['-rn', 'ip', 'link', 'set', 'lo', 'up']).status !== 0)
    return t.skip('no network namespace can be made here (unshare, ip)');
  const { stdout, stderr } = spawnSync('unshare', inside, { encoding: 'utf8', timeout: 60_000 });
  const said = JSON.parse(stdout || '{}') as { code?: number; why?: string; connect?: number };
  assert.equal(said.code, 110, stdout + stderr);
  assert.match(said.why!, /this machine, not the target, failed \d+ requests \(EADDRNOTAVAIL: /);
});

test('NoRoomForSockets: a kernel that has no buffers is told as this machine’s, not as failures of the target', async (t) => {
  const through = noBuffers(60);
  if (!through) return t.skip('no filter of system calls can be set here (perl, seccomp)');
  const server = createServer(streaming(500));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const env = { API_KEY: 'none', MODEL: 'one', VUS: '100', DURATION: '2s', BASE_URL: `http://127.0.0.1:${port}/v1` };
  try {
    const { run, code, stdout, stderr } = await k6('dist/ttft.js', { env, through });
    assert.equal(code, 110, stdout + stderr);
    assert.match(why(run!), /this machine, not the target, failed \d+ requests \(ENOBUFS: /);
  } finally {
    server.closeAllConnections();
    server.close();
  }
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
