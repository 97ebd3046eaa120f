import assert from 'node:assert/strict';
import { test } from 'node:test';
import { k6 } from '../tools/programs/k6';
import { startSimulator, type Simulator } from '../tools/programs/simulator';
import { sentenceOf, sound, undisturbed, why } from '../tools/testing/k6';
import { startSampler } from '../tools/programs/sampler';

test('a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate', async (t) => {
  const simulator = await startSimulator();
  t.after(() => simulator.stop());
  const sampler = await startSampler('--pid', String(simulator.process.pid));
  t.after(() => sampler.stop());
  await simulator.configure({
    gateway: {
      flaws: {
        empty_200_on_failure: false,
        leak: { sockets_share: 0.5, threads_share: 0.1, db_share: 0.5 },
        billing: { per_s: 5, kb: 1 },
        drift_ms_per_1k_requests: 600,
      },
    },
  });
  const record = sound(
    await undisturbed('dist/endurance.js', {
      env: {
        BASE_URL: simulator.gateway,
        API_KEY: 'gsai-sim-key',
        RATE: '40',
        DURATION: '30s',
        METRICS_URLS: `gateway=${new URL('/metrics', simulator.gateway).href},process=${sampler.url}`,
        METRICS_INTERVAL: '1s',
      },
    }),
  );
  // Threads are started all the time, which may disturb the generator on the same machine: then the run is INVALID.
  assert.notEqual(record.verdict, 'PASS', why(record));
  const text = (id: string) => sentenceOf(record, id);
  const grew = (id: string, noun: string, perThousand: number, within: number) => {
    const found = new RegExp(`${noun} grew \\+\\d+ an hour \\[\\+?\\d+, \\+\\d+\\].*?, (\\d+) for 1000 requests`).exec(
      text(id),
    );
    assert.ok(found, `${id}: ${text(id)}`);
    assert.ok(Math.abs(Number(found[1]) / perThousand - 1) < within, `${id}: ${found[0]}`);
  };
  grew('sockets-growth', 'open sockets', 500, 0.2);
  grew('threads-growth', 'threads', 100, 0.35);
  // 70 % of the requests are chats, six of seven of them plain, and 25 % embeddings: these hold a connection each.
  grew('connections-growth', 'connections to the database in use', 425, 0.25);
  grew('queue-growth', 'what waits in queues', 1000 * (1 - 5 / 40), 0.2);
  assert.match(text('ttft-growth'), /^the median TTFT grew: \+\d+ %/);
});

test('connections to the providers that are not given back, by models in turn, are found as sockets that only grow, with how many for 1,000 requests', async (t) => {
  const simulator = await startSimulator();
  t.after(() => simulator.stop());
  const sampler = await startSampler('--pid', String(simulator.process.pid));
  t.after(() => sampler.stop());
  await simulator.configure({
    gateway: { flaws: { empty_200_on_failure: false, leak: { upstream_share: 0.4 } } },
  });
  const record = sound(
    await k6('dist/endurance.js', {
      env: {
        BASE_URL: simulator.gateway,
        API_KEY: 'gsai-sim-key',
        RATE: '40',
        DURATION: '26s',
        MODELS: 'claude_3_haiku,gemini-2.0-flash',
        METRICS_URLS: `process=${sampler.url}`,
        METRICS_INTERVAL: '1s',
      },
    }),
  );
  assert.notEqual(record.verdict, 'PASS', why(record));
  const { text } = record.findings.find(({ id }) => id === 'sockets-growth')!;
  const found = /open sockets grew \+\d+ an hour \[\+?\d+, \+\d+\].*?, (\d+) for 1000 requests/.exec(text);
  // 95 % of the requests ask a provider, which is in the same process: each connection has two ends there.
  assert.ok(found && Math.abs(Number(found[1]) / (2 * 0.4 * 950) - 1) < 0.2, text);
  assert.equal(record.findings.find(({ id }) => id === 'threads-growth')!.value, 0);
});

test('a process that is ended in the middle of the load and started anew is named, with the memory that it had', async (t) => {
  const first = await startSimulator();
  const ports = [first.gateway, first.provider].map((url) => new URL(url).port);
  let next: Promise<Simulator> | undefined;
  t.after(async () => (await next)?.stop());
  // As the kernel does it where memory runs out, and as a container is started again after that.
  const killed = () => {
    first.process.once('exit', () => {
      next = startSimulator(['--gateway-port', ports[0]!, '--provider-port', ports[1]!]);
    });
    first.process.kill('SIGKILL');
  };
  const ran = await k6('dist/peak.js', {
    env: {
      BASE_URL: first.gateway,
      API_KEY: 'gsai-sim-key',
      RATE: '30',
      DURATION: '16s',
      METRICS_URLS: `gateway=${new URL('/metrics', first.gateway).href}`,
      METRICS_INTERVAL: '1s',
    },
    onStart: (child) => {
      let seen = false;
      child.stderr?.on('data', (text: Buffer) => {
        if (seen || !/requests in/.test(String(text))) return;
        seen = true;
        setTimeout(killed, 5000);
      });
    },
  });
  const record = sound(ran);
  assert.notEqual(record.verdict, 'PASS', why(record));
  assert.match(
    why(record),
    /target: started anew: measured 1, wanted <= 0: gateway: was started anew once in the middle of the load; its resident memory was \d+ MB at most: look for the end/,
  );
});

test('many large requests at once, with long answers and long batches, for a while: all end where nothing is in their way; a time-out of the gateway that is too short for them is named by what they get', async (t) => {
  const simulator = await startSimulator();
  t.after(() => simulator.stop());
  const large = { VUS: '24', PROMPT_TOKENS: '7200', MAX_TOKENS: '400', BATCH: '96', KINDS: 'chat,embedding' };
  const run = async (upstream_timeout_ms: number) => {
    await simulator.configure({
      provider: {
        models: {
          claude_3_haiku: {
            ...{ context_limit: 8000, ttft_ms: 100, ttft_per_1k_prompt_tokens_ms: 120 },
            ...{ tokens_per_second: 400, jitter: 0, output_tokens: 400 },
          },
        },
      },
      gateway: { flaws: { empty_200_on_failure: false, upstream_timeout_ms } },
    });
    const { gateway: BASE_URL } = simulator;
    return sound(
      await k6('dist/endurance.js', { env: { BASE_URL, API_KEY: 'gsai-sim-key', ...large, DURATION: '20s' } }),
    );
  };
  const cut = await run(600);
  const said = cut.failures!.samples.map(({ status, outcome }) => `${outcome} ${status}`);
  assert.ok(said.includes('http_5xx 504'), said.join());
  assert.ok(cut.objectives.find(({ name }) => name === 'success')!.measured! > 0.3, why(cut));
  const well = await run(0);
  assert.equal(well.counts.failed, 0, JSON.stringify(well.counts));
  assert.ok(well.counts.finished > 100, JSON.stringify(well.counts));
});
