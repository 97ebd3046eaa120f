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

/*
 * What this machine and k6's own options do to connections, through the whole of bin/k6. ENOBUFS cannot be brought about
 * here: a unit test of the extension has it.
 */

test('PortsUsedUp: too few local ports for the connections are told as this machine’s, not as failures of the target', (t) => {
  const inside = ['-rn', process.execPath, '-r', 'ts-node/register/transpile-only', 'tools/testing/few-ports.ts'];
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
