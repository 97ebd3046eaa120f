import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sound, undisturbed, why } from '../../testing/k6';
import { models } from './litellm-config';
import { runLiteLLM } from './running.fixture';
import { clearTruth, readTruth } from './truth.fixture';

/*
 * The same scripts on the three wires that LiteLLM speaks to its clients. Its own share of the time to first token is some
 * tens of milliseconds, whatever the wire; the provider takes ten seconds, so that what is compared to 1 % is what each
 * wire's reader takes for the first token. The provider is the one for which LiteLLM has no time-out (docs/gateways.md).
 */

const lite = runLiteLLM();

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Runs a script unchanged on a wire. */
const on = async (wire: string, script: string, env: Record<string, string>) =>
  sound(
    await undisturbed(`dist/${script}.js`, {
      env: {
        ...{
          BASE_URL: lite.gateway.base,
          API_KEY: lite.gateway.key,
          PROVIDER_URL: lite.simulator.provider,
          WIRE: wire,
          AUTH: 'bearer',
        },
        ...{ MODEL: models.chat.vertex, KINDS: 'chat', ...env },
      },
    }),
  );

for (const wire of ['chat', 'messages', 'responses'])
  test(`${wire}: smoke, ttft and spike run unchanged, and the time to first token is the provider's to 1 %`, async (t) => {
    if (lite.cannot) return t.skip(lite.cannot);
    await lite.simulator.configure({ provider: { models: { '*': { ttft_ms: [50, 60] } } } });
    for (const [script, env] of [
      ['smoke', { RATE: '10', DURATION: '5s' }],
      ['spike', { RATE: '20', DURATION: '8s' }],
    ] as const) {
      const run = await on(wire, script, env);
      assert.deepEqual([...new Set(run.outcomes.map(({ outcome }) => outcome))], ['ok'], `${script}: ${why(run)}`);
    }
    await lite.simulator.configure({ provider: { models: { '*': { ttft_ms: [10_000, 10_001] } } } });
    await clearTruth(lite.simulator.provider);
    const run = await on(wire, 'ttft', { RATE: '3', DURATION: '10s', TOTAL_TIMEOUT: '60s' });
    assert.equal(run.counts.finished, run.counts.started, why(run));
    const truth = (await readTruth(lite.simulator.provider)).filter(
      ({ stream, content_ns }) => stream && content_ns.length > 0,
    );
    assert.ok(truth.length >= run.counts.started, `${truth.length} calls`);
    const real = median(truth.map(({ received_ns, content_ns }) => (content_ns[0]! - received_ns) / 1e6));
    const ours = run.metrics.llm_ttft!.find(({ tags }) => Object.keys(tags).length === 0)!.p50!;
    t.diagnostic(`${wire}: ${ours.toFixed(1)} ms here, ${real.toFixed(1)} ms at the provider`);
    assert.ok(ours >= real && ours < 1.01 * real, `${ours} ms here, ${real} ms at the provider`);
  });
