import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

/*
 * What lies between two deployments of failover, with a primary (eu) and a fallback (us).
 */
function run(t: TestContext, failover: object, env: Record<string, string>, flaws: object = {}) {
  const deployments = [
    { provider_model: 'claude_3_haiku', region: 'eu' },
    { provider_model: 'claude_3_haiku', region: 'us', weight: 0 },
  ];
  return flawedRun(t, 'failover', {
    flaws,
    provider: { claude_3_haiku: { ttft_ms: 60, tokens_per_second: 400, jitter: 0, output_tokens: 31 } },
    gateway: {
      models: { claude_3_haiku: { deployments } },
      failover: { on: true, first_byte_ms: 300, idle_ms: 300, breaker: { failures: 3, probe_ms: 300 }, ...failover },
    },
    env: { RATE: '20', ...env },
  });
}

test('a slow decision, and a prompt that is cut on the way to the other deployment, are named', async (t) => {
  const { record, text } = await run(
    t,
    { decision_ms: 700, loses_context: true },
    { FAULTS: '503,hang_before', DURATION: '9s' },
  );
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('between-deployments'),
    /^of the time until the other deployment is asked, \d+ ms are waiting for the first one, and 7\d\d ms deciding and connecting/,
  );
  assert.match(
    text('context-lost'),
    /^(\d+) of \1 requests were sent to the other deployment with another prompt: \d+ of \d+ tokens \(medians\)/,
  );
  assert.match(text('given-up-after'), /^a silent provider is given up after 0\.3\d s/);
});

test('a gateway without a time-out never gives a silent provider up; with one it does, and keeps the prompt', async (t) => {
  const never = await run(t, { on: false }, { FAULTS: 'hang_before', DURATION: '10s' });
  assert.equal(never.record.verdict, 'FAIL', why(never.record));
  assert.match(
    never.text('given-up-after'),
    /^a silent provider is never given up within [12]\.\d\d s, when the clients gave up: the gateway has no time-out/,
  );
  const soon = await run(t, { on: false }, { FAULTS: 'hang_before', DURATION: '10s' }, { upstream_timeout_ms: 400 });
  assert.match(soon.text('given-up-after'), /^a silent provider is given up after 0\.4\d s/);
  const well = await run(t, {}, { FAULTS: '503', DURATION: '8s' });
  assert.match(well.text('context-lost'), /^the other deployment got the same prompt in all/);
  assert.match(
    well.text('between-deployments'),
    /and [0-9] ms deciding and connecting|and [1-4]\d ms deciding and connecting/,
  );
});
