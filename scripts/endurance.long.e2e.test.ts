import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSimulator } from '../tools/programs/simulator';
import { sound, undisturbed, why } from '../tools/testing/k6';
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
  const text = (id: string) => record.findings.find((each) => each.id === id)?.text ?? '';
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
