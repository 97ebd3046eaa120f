import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { k6 } from '../k6';
import { startSimulator } from '../simulator';

test('an InfluxDB that wants a token, and is given none, ends the run before its first request', async () => {
  const server = createServer((from, to) => {
    from.resume();
    to.writeHead(401, { 'x-influxdb-version': 'v2.7.12' }).end(
      '{"code":"unauthorized","message":"unauthorized access"}',
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const simulator = await startSimulator();
  const { code, run: record } = await k6('dist/smoke.js', {
    env: { BASE_URL: simulator.gateway, API_KEY: 'gsai-sim-key' },
    args: ['--out', `influxdb=${url}/k6`],
  });
  server.close();
  await simulator.stop();
  assert.equal(code, 110);
  assert.equal(record!.counts.started, 0);
  assert.match(
    record!.reasons[0]!.text,
    /^the InfluxDB v2\.7\.12 at \S+ does not let this run write \(401: unauthorized access\): .* InfluxDB 2 and 3 take a token/,
  );
});
