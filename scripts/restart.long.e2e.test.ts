import assert from 'node:assert/strict';
import { createServer as createHook } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { restartable } from '../tools/commands/plan/restartable';
import { k6 } from '../tools/programs/k6';
import { startSimulator } from '../tools/programs/simulator';
import { sentenceOf, sound, undisturbed, why } from '../tools/testing/k6';

/** The script against a gateway in a process of its own, which the sampler has started and starts again. */
async function restarted(t: TestContext, flaws: object) {
  const provider = await startSimulator();
  t.after(() => provider.stop());
  const quick = { ttft_ms: 150, tokens_per_second: 400, jitter: 0, output_tokens: 31 };
  await provider.configure({ provider: { models: { claude_3_haiku: quick, 'gemini-2.0-flash': quick } } });
  const gateway = await restartable(provider.provider);
  t.after(() => gateway.stop());
  await gateway.start([{ gateway: { flaws: { empty_200_on_failure: false, ...flaws } } }]);
  const record = sound(
    await undisturbed('dist/restart.js', {
      env: {
        ...gateway.parameters,
        API_KEY: 'gsai-sim-key',
        RATE: '40',
        DURATION: '26s',
      },
    }),
  );
  return { record, text: (id: string) => sentenceOf(record, id) };
}

test('a gateway that ends in order lets what is under way end, refuses what comes then, and is ready again within seconds', async (t) => {
  const { record, text } = await restarted(t, {});
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(
    text('under-way-at-the-stop'),
    /^of [1-9]\d* requests under way at 3 stops \d+ ended in order and 0 were/,
  );
  assert.match(text('under-way-at-the-stop'), /the process ended after [\d.]+ s with exit code 0/);
  assert.match(text('refused-meanwhile'), /[1-9]\d* were refused and 0 were lost$/);
  assert.match(text('time-to-ready'), /^ready \d(\.\d+)? s after the start at most/);
});

test('a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named', async (t) => {
  const { record, text } = await restarted(t, {
    shutdown: 'cut',
    cold: { start_ms: 1500, first_ms: 400 },
    cache: { stampede: true },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  const [, cut] = /at 3 stops \d+ ended in order and (\d+) were cut off/.exec(text('under-way-at-the-stop')) ?? [];
  assert.ok(Number(cut) >= 3, text('under-way-at-the-stop'));
  const [, seconds] = /^ready ([\d.]+) s after the start at most/.exec(text('time-to-ready')) ?? [];
  assert.ok(Number(seconds) >= 1.5, text('time-to-ready'));
  assert.match(
    text('first-requests'),
    /^the first request of a model after a start takes (39|4\d)\d ms more than usual \(median of \d+\)/,
  );
  assert.match(text('stampede'), /^([4-9]|\d\d) of \d+ requests, the first of \S+ and those that .* paid as much/);
  assert.match(why(record), /target: cut off at the stop/);
});

/** The script while a hook takes the gateway's database away for a second, three times. */
async function outage(t: TestContext, deadMs: number) {
  const simulator = await startSimulator();
  t.after(() => simulator.stop());
  const quick = { ttft_ms: 60, tokens_per_second: 400, jitter: 0, output_tokens: 21 };
  const set = (down: boolean) =>
    simulator.configure({
      provider: { models: { claude_3_haiku: quick, 'gemini-2.0-flash': quick } },
      gateway: { flaws: { empty_200_on_failure: false, database: { down, dead_ms: deadMs } } },
    });
  await set(false);
  const restarts: object[] = [];
  const hook = createHook((request, response) => {
    if (request.method === 'POST') {
      // As an operator's own script would do it: it stops the database, and tells when it was back.
      void set(true).then(() =>
        setTimeout(() => void set(false).then(() => restarts.push({ stopped_ms: 0, started_ms: 1000 })), 1000),
      );
      response.writeHead(202).end();
    } else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ restarts }));
  });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  t.after(() => hook.close());
  const record = sound(
    await k6('dist/restart.js', {
      env: {
        BASE_URL: simulator.gateway,
        API_KEY: 'gsai-sim-key',
        RESTART_URL: `http://127.0.0.1:${(hook.address() as AddressInfo).port}/restart`,
        RATE: '40',
        DURATION: '34s',
      },
    }),
  );
  return { record, text: (id: string) => sentenceOf(record, id) };
}

test('the database is stopped and started by a hook: a pool that notices is well at once, one that keeps dead connections is told with the time that it takes', async (t) => {
  const well = await outage(t, 0);
  const [, soon] = /^ready ([\d.]+) s after the start at most/.exec(well.text('time-to-ready')) ?? [];
  assert.ok(Number(soon) < 1.5, well.text('time-to-ready'));
  const dead = await outage(t, 4000);
  assert.notEqual(dead.record.verdict, 'PASS', why(dead.record));
  const [, late] = /^ready ([\d.]+) s after the start at most/.exec(dead.text('time-to-ready')) ?? [];
  assert.ok(Number(late) >= 3.8 && Number(late) < 6, dead.text('time-to-ready'));
  assert.match(dead.text('refused-meanwhile'), /0 were refused and [1-9]\d+ were lost$/);
});
