import assert from 'node:assert/strict';
import { test } from 'node:test';
import { undisturbed, why } from '../tools/testing/k6';
import { sharedSimulator } from '../tools/testing/shared-simulator';

/*
 * failover against the reference gateway with a primary (eu) and a fallback (us): in order, and with each flaw that it
 * is to find. Times are those of a slow machine's tests: what is judged is which words are said, and not how fast the
 * machine was.
 */
const simulator = sharedSimulator();

const inOrder = { on: true, first_byte_ms: 300, idle_ms: 300, breaker: { failures: 3, probe_ms: 300 } };

async function run(failover: object, env: Record<string, string> = {}, flaws: object = {}) {
  const deployments = [
    { provider_model: 'claude_3_haiku', region: 'eu' },
    { provider_model: 'claude_3_haiku', region: 'us', weight: 0 },
  ];
  await simulator().configure({
    provider: { models: { claude_3_haiku: { ttft_ms: 60, tokens_per_second: 400, jitter: 0, output_tokens: 31 } } },
    gateway: { models: { claude_3_haiku: { deployments } }, failover: { ...inOrder, ...failover }, flaws },
  });
  const {
    run: record,
    stdout,
    stderr,
  } = await undisturbed('dist/failover.js', {
    env: {
      BASE_URL: simulator().gateway,
      PROVIDER_URL: simulator().provider,
      API_KEY: 'gsai-sim-key',
      RATE: '20',
      ...env,
    },
  });
  assert.ok(record, stdout + stderr);
  const finding = (id: string) => record.findings.find((each) => each.id === id)!;
  const said = record.findings.map((each) => each.text).join('\n');
  return { record, why: why(record), finding, said, stdout };
}

test('PASS: every fault is switched away from, and the primary comes back into use', async () => {
  const { record, why, said, finding, stdout } = await run(
    { idle_ms: 150, breaker: { failures: 3, probe_ms: 450 } },
    { DURATION: '26s' },
  );
  assert.equal(record.verdict, 'PASS', `${why}\n${stdout}`);
  assert.deepEqual(
    finding('failover').table?.rows.map((row) => row[0]),
    ['refuse', '503', 'hang_before', 'hang_mid', 'cut', '429'],
  );
  assert.equal(finding('failover').value, 1, said);
  assert.ok(finding('time-to-switch').value! >= 200, `a hanging primary costs the gateway's 300 ms: ${said}`);
  assert.match(
    said,
    /calls went to openai\/eu\/claude_3_haiku 100 % while all was well, and to openai\/us\/claude_3_haiku/,
  );
  assert.ok(finding('streams-broken').value! > 0, 'what breaks in the middle is broken, failover or not');
  assert.deepEqual([...new Set(record.timeline.map((point) => point.phase))].slice(0, 3), [
    'before',
    'refuse',
    'after-refuse',
  ]);
});

test('as GSAi: no failover, five tries inside, and an empty 200: how many requests were lost, how late, and how often the provider was asked', async () => {
  const { record, why, finding, stdout } = await run(
    { on: false },
    { FAULTS: 'refuse,503', DURATION: '8s' },
    { internal_retries: { attempts: 5, delay_ms: 100 } },
  );
  assert.equal(record.verdict, 'FAIL', `${why}\n${stdout}`);
  const { text } = finding('failover');
  const lost =
    /^there is no failover: (\d+) requests were lost \(refuse (\d+), 503 (\d+)\), and each call went to openai\/eu\/claude_3_haiku and nowhere else/.exec(
      text,
    );
  assert.equal(Number(lost?.[1]), record.counts.failed, text);
  assert.match(why, /target: time to switch: there is no failover/);
  assert.match(
    finding('requests-lost').text,
    /\d+ empty \(status 200 and nothing in it.*the client knew it after 0\.[4-9]\d s/,
  );
  assert.match(
    why,
    /calls upstream per request: measured [45]\S*, wanted <= 2: .*and 5 at most: retries multiply the load/,
  );
});

test('no breaker, retries, and output twice: each is named', async () => {
  const { record, why, stdout } = await run(
    { breaker: { failures: 0, probe_ms: 0 }, resume: true },
    { FAULTS: 'hang_before,cut', DURATION: '9s' },
    { internal_retries: { attempts: 3, delay_ms: 10 } },
  );
  assert.equal(record.verdict, 'FAIL', `${why}\n${stdout}`);
  assert.match(
    why,
    /time to detect: not detected: hang_before, cut\. .* each request tried the failing openai\/eu\/claude_3_haiku first and waited \d+ ms \(median, hang_before\): there is no circuit breaker/,
  );
  assert.match(why, /calls upstream per request: measured [34].*: retries multiply the load/);
  assert.match(
    why,
    /duplicated output: measured \d+.*\(cut \d+; \d+ tokens too many\): the gateway starts a broken stream again/,
  );
});

test('never fails back, and a herd', async () => {
  const { record, why, stdout } = await run(
    { first_byte_ms: 1000, fails_back: false, herd: true },
    { FAULTS: 'hang_before', DURATION: '10s' },
  );
  assert.equal(record.verdict, 'FAIL', `${why}\n${stdout}`);
  assert.match(
    why,
    /time to fail back: never failed back: after hang_before openai\/eu\/claude_3_haiku was well again, and was not used/,
  );
  assert.match(why, /thundering herd: measured .*: thundering herd: \d+ calls at once in phase hang_before/);
});
