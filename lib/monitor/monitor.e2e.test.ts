import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { k6 } from '../../tools/programs/k6';
import { sound, why } from '../../tools/testing/k6';
import { startSimulator, type Simulator } from '../../tools/programs/simulator';
import { documentOf } from '../report';

let simulator: Simulator;
const servers: Server[] = [];
before(async () => {
  simulator = await startSimulator();
});
after(async () => {
  await simulator.stop();
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** A page that a test answers as it likes; its address. */
async function page(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
}

const run = (pages: string, more: Record<string, string> = {}, onStart?: Parameters<typeof k6>[1]) =>
  k6('dist/smoke.js', {
    env: {
      BASE_URL: simulator.gateway,
      API_KEY: 'gsai-sim-key',
      RATE: '60',
      DURATION: '4s',
      METRICS_URLS: pages,
      METRICS_INTERVAL: '1s',
      ...more,
    },
    ...onStart,
  });

test('a page that cannot be read stops the run before its load, with the address and what came back', async () => {
  const refused: [string, RegExp][] = [
    [
      'http://127.0.0.1:1/metrics',
      /METRICS_URLS: the page http:\/\/127\.0\.0\.1:1\/metrics cannot be used: no connection to 127\.0\.0\.1:1: .*refused/,
    ],
    [
      await page((_, response) => response.end('<!doctype html><title>Sign in</title>')),
      /cannot be used: it answered with an HTML page/,
    ],
    [
      await page((_, response) => response.end('requests_total 7\n')),
      /cannot be used: it has none of the metrics that are known here \(process_cpu_seconds_total, /,
    ],
  ];
  const good = `gateway=${new URL('/metrics', simulator.gateway).href}`;
  for (const [url, sentence] of refused) {
    const ran = await run(`${good},bad=${url}`);
    assert.equal(ran.code, 110);
    assert.equal(ran.run?.counts.started, 0, 'no load was sent');
    assert.match(why(ran.run!), sentence);
  }
});

test('a page that stalls in mid-run is counted and told; load, verdict and end of the run stay as they are', async () => {
  let asked = 0;
  const stalling = await page((_, response) => {
    if (++asked <= 3) response.end(`process_cpu_seconds_total ${asked}\nprocess_resident_memory_bytes 5e7\n`);
  });
  const ran = await run(stalling);
  const record = sound(ran);
  assert.equal(record.verdict, 'PASS', why(record));
  assert.equal(record.counts.started, 240);
  const [target] = record.resources!;
  assert.equal(target!.readings, 2, 'the preflight had the first');
  assert.ok(target!.failed >= 1 && target!.failed <= 3, `${target!.failed}`);
  assert.match(target!.first_failure!, /no body byte came within 2s/);
  assert.match(ran.stdout, /2 readings, \d more failed: no body byte came within 2s/);
  assert.ok(record.duration_s < 8, `${record.duration_s} s`);

  const report = JSON.stringify(documentOf(record));
  assert.match(report, /"resident memory of the target","MB",50,50,50,2\]/);
  assert.match(report, /\d more readings failed, the first with: no body byte came within 2s/);
  assert.match(report, /The target's resident memory/);
});

test('ctrl-C ends the monitor with the load, and what was read until then is written', async () => {
  let sent = false;
  const began = Date.now();
  const ran = await run(
    `gateway=${new URL('/metrics', simulator.gateway).href}`,
    { DURATION: '40s' },
    {
      onStart: (child) =>
        child.stdout?.on('data', (text: Buffer) => {
          if (!sent && /running \((0m)?0[3-9]/.test(String(text))) sent = child.kill('SIGINT');
        }),
    },
  );
  assert.ok(sent, ran.stdout);
  assert.ok([105, 110].includes(ran.code), `exit ${ran.code}`);
  assert.match(why(ran.run!), /stopped by SIGINT/);
  assert.ok(ran.run!.resources![0]!.readings >= 2);
  assert.ok(Date.now() - began < 30_000);
});
