import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startSimulator, type Simulator } from '../tools/programs/simulator';
import { sound, undisturbed, why } from '../tools/testing/k6';

/*
 * contention at its shortest: a pool that plain calls hold. The other limits are in contention.long.e2e.test.ts.
 */
let simulator: Simulator;
before(async () => {
  simulator = await startSimulator();
});
after(() => simulator.stop());

test('a pool that plain calls hold: they stop at its size, streams do not, and starve while calls hang', async () => {
  const chat = { ttft_ms: 60, tokens_per_second: 500, jitter: 0, output_tokens: 11 };
  await simulator.configure({
    provider: { models: { claude_3_haiku: chat } },
    gateway: { flaws: { db_pool: { size: 3, overflow: 5, timeout_ms: 1000, hold: 'plain' } } },
  });
  const ran = await undisturbed('dist/contention.js', {
    env: {
      BASE_URL: simulator.gateway,
      PROVIDER_URL: simulator.provider,
      API_KEY: 'gsai-sim-key',
      KINDS: 'chat',
      SCALE: '0.0625',
      TIME_SCALE: '0.05',
    },
  });
  const told = `${why(sound(ran))}\n${ran.stdout}`;
  assert.equal(sound(ran).verdict, 'FAIL', told);
  assert.match(
    told,
    /target: room for the peak, plain calls: .*plain calls stop at ([789]|10)(\.\d)? at once .*the process is free/,
  );
  assert.match(
    told,
    /target: answered beside calls that hang: .*starve behind them; those that wait get status 500 after 1(\.\d)? s: QueuePool limit/,
  );
  assert.doesNotMatch(told, /target: room for the peak, streams/);
});
