import assert from 'node:assert/strict';
import { request, type OutgoingHttpHeaders } from 'node:http';
import { after, before, test } from 'node:test';
import { openNullTarget } from '../null/target';
import { startSimulator, type Simulator } from '../start';
import { foreign, isOwnName } from './local';

let simulator: Simulator;
before(async () => {
  simulator = await startSimulator();
});
after(() => simulator.close());

/** The status of a request with these headers, and nothing that a client would add beside the host. */
function ask(port: number, method: string, path: string, headers: OutgoingHttpHeaders, body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, headers }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode!));
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
const json = { 'content-type': 'application/json' };
const ports = () => [simulator.gatewayUrl!, simulator.providerUrl!].map((url) => Number(new URL(url).port));

test('any web page could stall or reset the simulator: POST /stall as text/plain, from any Origin, to any Host', async () => {
  for (const port of ports()) {
    const stall = (headers: OutgoingHttpHeaders) => ask(port, 'POST', '/stall', headers, '{"ms":0}');
    assert.equal(await stall(json), 200);
    assert.equal(await stall({ ...json, host: `localhost:${port}` }), 200);
    assert.equal(await stall({ ...json, host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` }), 200);
    assert.equal(await stall({ 'content-type': 'text/plain' }), 415);
    assert.equal(await stall({ 'content-type': 'application/x-www-form-urlencoded' }), 415);
    assert.equal(await stall({}), 415);
    assert.equal(await stall({ ...json, host: 'evil.example' }), 403, 'a name that was led here');
    assert.equal(await stall({ ...json, host: `127.0.0.1.evil.example:${port}` }), 403);
    assert.equal(await stall({ ...json, origin: 'https://evil.example' }), 403);
    assert.equal(await stall({ ...json, origin: 'null' }), 403);
    assert.equal(await stall({ ...json, 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(await ask(port, 'POST', '/config/reset', {}), 415);
    assert.equal(await ask(port, 'POST', '/config/reset', json), 200);
    assert.equal(await ask(port, 'PATCH', '/config', { 'content-type': 'text/plain' }, '{}'), 415);
    assert.equal(await ask(port, 'PATCH', '/config', json, '{}'), 200);
    assert.equal(await ask(port, 'DELETE', '/truth', { host: 'evil.example' }), 403);
    assert.equal(await ask(port, 'GET', '/truth', { host: 'evil.example' }), 403, 'prompts are read by nobody else');
    assert.equal(
      await ask(port, 'GET', '/metrics', { host: 'any.example' }),
      200,
      'Prometheus may call it as it likes',
    );
  }
});

test('the null target takes orders from no other site either', async () => {
  const target = await openNullTarget();
  try {
    assert.equal(await ask(target.port, 'PATCH', '/config', json, '{}'), 200);
    assert.equal(await ask(target.port, 'PATCH', '/config', { ...json, host: 'evil.example' }, '{}'), 403);
    assert.equal(await ask(target.port, 'DELETE', '/truth', { origin: 'http://evil.example' }), 403);
    assert.equal(await ask(target.port, 'GET', '/v1/models', { host: 'any.example' }), 200, 'the API has any name');
  } finally {
    await target.close();
  }
});

test('a server has the names of where it listens; one that is open to others has those that no page can be led to', () => {
  for (const host of ['127.0.0.1', '127.0.0.1:80', 'LOCALHOST:1', '[::1]:8080'])
    assert.ok(isOwnName(host, '127.0.0.1'));
  for (const host of ['simulator:8080', '10.0.0.7', '[fe80::1]:1', 'host.docker.internal:9', 'sim.perf.svc'])
    assert.ok(isOwnName(host, '0.0.0.0') && !isOwnName(host, '127.0.0.1'), host);
  for (const host of [
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    'a b',
    'x:y:z',
    '127.0.0.1@evil.example',
  ])
    for (const bound of ['127.0.0.1', '0.0.0.0']) assert.ok(!isOwnName(host, bound), String(host));
  assert.ok(isOwnName('192.168.1.5:80', '192.168.1.5') && isOwnName('[fe80::1]', 'fe80::1'));
  assert.equal(foreign({ host: 'localhost:1', origin: 'http://localhost:1' }, '127.0.0.1'), '');
  assert.match(foreign({ host: 'localhost:1', origin: 'http://localhost:2' }, '127.0.0.1'), /page of another site/);
});
