import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restartable } from '../tools/commands/plan/restartable';
import { k6 } from '../tools/programs/k6';
import { startSimulator } from '../tools/programs/simulator';
import { flawedRun } from '../tools/testing/flawed-run';
import { sound, why } from '../tools/testing/k6';

const env = { RATE: '25', DURATION: '6s', PROMPT_TOKENS: '50' };

test('a connection that each call opens anew is found as time before the provider has the request', async (t) => {
  const { record, text } = await flawedRun(t, 'overhead', { flaws: { upstream_connect_ms: 70 }, env });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('overhead-to-first-token'),
    /^the gateway adds [78]\d\.\d ms to the time to first token .*: 7\d\.\d ms of this pass before the provider has the request/,
  );
});

test('an adapter of one kind of back end that is slow stands apart from the other in the table', async (t) => {
  const { record } = await flawedRun(t, 'overhead', {
    flaws: { overhead_by_kind: { bedrock: 0, vertex: 90 } },
    env: { ...env, MODELS: 'claude_3_haiku,gemini-2.0-flash' },
  });
  const rows = record.findings.find(({ id }) => id === 'by-model')?.table?.rows ?? [];
  const firstToken = (model: string) => Number(rows.find(([name]) => name!.startsWith(model))?.[2]);
  assert.ok(firstToken('claude_3_haiku') < 30, JSON.stringify(rows));
  assert.ok(firstToken('gemini-2.0-flash') > 85 && firstToken('gemini-2.0-flash') < 125, JSON.stringify(rows));
});

test('a gateway that the network keeps from its provider: the provider was never asked, how soon requests fail, and where to look', async (t) => {
  const provider = await startSimulator();
  t.after(() => provider.stop());
  // Nobody listens at port 9: a rule that lets nothing through refuses as soon.
  const cut = await restartable('http://127.0.0.1:9/v1');
  t.after(() => cut.stop());
  await cut.start([{ gateway: { flaws: { empty_200_on_failure: false } } }]);
  const record = sound(
    await k6('dist/overhead.js', {
      env: {
        BASE_URL: cut.parameters.BASE_URL,
        PROVIDER_URL: provider.provider,
        API_KEY: 'gsai-sim-key',
        RATE: '10',
        DURATION: '3s',
      },
    }),
  );
  assert.notEqual(record.verdict, 'PASS', why(record));
  assert.match(
    why(record),
    /the provider was never asked: all 30 requests failed after \d+ ms \(http_5xx\), and none reached the simulated provider http:\S+: the gateway cannot reach it/,
  );
});
