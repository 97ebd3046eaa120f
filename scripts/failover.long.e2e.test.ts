import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

/*
 * What lies between two deployments of failover, with a primary (eu) and a fallback (us).
 */
function run(t: TestContext, failover: object, env: Record<string, string>, flaws: object = {}, pages = false) {
  const deployments = [
    { provider_model: 'claude_3_haiku', region: 'eu' },
    { provider_model: 'claude_3_haiku', region: 'us', weight: 0 },
  ];
  return flawedRun(t, 'failover', {
    ...{ flaws, pages, evenDisturbed: pages },
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

test('a primary that becomes slow is left for the other deployment and used again when it is well; without a breaker each request waits for it', async (t) => {
  const left = await run(t, {}, { FAULTS: 'slow,500,error_event', DURATION: '16s' });
  const finding = (id: string) => left.record.findings.find((each) => each.id === id)!;
  assert.equal(left.record.objectives.find(({ name }) => name === 'time to detect')!.state, 'ok', why(left.record));
  assert.ok(finding('time-to-detect').value! < 5, left.text('time-to-detect'));
  assert.match(left.text('time-to-fail-back'), /^time to fail back: \d\.\d\d s at worst/);
  assert.match(left.text('time-to-switch'), /by fault: .*slow \d+ ms/);
  const waits = await run(
    t,
    { first_byte_ms: 1500, breaker: { failures: 0, probe_ms: 0 } },
    { FAULTS: 'slow', DURATION: '12s' },
  );
  assert.equal(waits.record.verdict, 'FAIL', why(waits.record));
  assert.match(
    waits.text('time-to-detect'),
    /^not detected: slow\. To the end of the phase each request tried the failing openai\/eu\/claude_3_haiku first and waited 1[45]\d\d ms/,
  );
});

test('half of the calls to the primary fail at random: with failover nearly all are answered, without it half are lost', async (t) => {
  const env = { FAULTS: 'half', RATE: '40', DURATION: '12s' };
  const kept = await run(t, {}, env);
  const failed = ({ record }: typeof kept) => record.objectives.find(({ name }) => name === 'success')!;
  assert.equal(failed(kept).state, 'ok', why(kept.record));
  assert.match(kept.text('failover'), /: (\d+) of \1 requests that met a fault before their first token were answered/);
  const lost = await run(t, { on: false }, env);
  assert.equal(failed(lost).state, 'missed', why(lost.record));
  assert.match(lost.text('requests-lost'), /^\d+ requests got no answer at all \(half \d+\)/);
});

test('every deployment throttles at once: retries inside and answers that hide the 429 are named, and clear ones pass', async (t) => {
  const env = { FAULTS: 'all-429', DURATION: '10s' };
  const clear = await run(t, {}, env);
  assert.match(
    clear.text('calls-while-all-throttle'),
    /^while every deployment throttled, each request made [12]\.\d calls/,
  );
  assert.match(
    clear.text('well-after-all-throttle'),
    /^[0-4]\.\d\d s after the limits were reset a request was answered/,
  );
  assert.match(clear.text('throttled-by-all'), /all \d+ requests that failed were told so by 429$/, why(clear.record));
  const hidden = await run(t, {}, env, {
    empty_200_on_failure: true,
    internal_retries: { attempts: 4, delay_ms: 10 },
  });
  assert.equal(hidden.record.verdict, 'FAIL', why(hidden.record));
  assert.match(
    hidden.text('throttled-by-all'),
    /\d+ of \d+ requests that failed \(100 %\) were told something else than 429 \(empty\): a client cannot know that it should wait/,
  );
  assert.match(
    hidden.text('calls-while-all-throttle'),
    /each request made [4-8]\.\d calls to providers: retries multiply/,
  );
});

test('the other deployment is too slow once it carries all: its own time to first token is judged', async (t) => {
  const deployments = [
    { provider_model: 'claude_3_haiku', region: 'eu' },
    { provider_model: 'claude_3_haiku', region: 'us', weight: 0 },
  ];
  const { record, text } = await flawedRun(t, 'failover', {
    provider: { claude_3_haiku: { ttft_ms: 60, tokens_per_second: 400, jitter: 0, output_tokens: 31 } },
    deployments: { 'openai/us/claude_3_haiku': { ttft_ms: 700 } },
    gateway: {
      models: { claude_3_haiku: { deployments } },
      failover: { on: true, first_byte_ms: 1500, idle_ms: 1500, breaker: { failures: 3, probe_ms: 300 } },
    },
    env: { RATE: '20', FAULTS: '503', DURATION: '9s' },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('other-under-load'),
    /^while it carries all, the other deployment's requests get their first token within 7\d\d ms \(p95 of \d+ requests/,
  );
  assert.match(why(record), /target: TTFT p95 of the other deployment, carrying all: measured 7\d\d/);
});

test('what calls to a failing provider leave in memory is told for each of them, and without it nothing is', async (t) => {
  const env = { FAULTS: '503', RATE: '40', DURATION: '14s', METRICS_INTERVAL: '1s' };
  const retries = { internal_retries: { attempts: 3, delay_ms: 10 } };
  const noBreaker = { breaker: { failures: 0, probe_ms: 0 } };
  const kept = await run(t, noBreaker, env, { ...retries, leak_mb_per_failure: 1 }, true);
  const judged = kept.record.objectives.find(({ name }) => name === 'memory kept of failed provider calls')!;
  assert.equal(judged.state, 'missed', why(kept.record));
  const [, kilobytes] =
    /^resident memory rose by \d+ to \d+ MB and was not given back: ([\d.]+) kB stay for each provider call that failed$/.exec(
      kept.text('memory-kept-by-failures'),
    ) ?? [];
  assert.ok(Math.abs(Number(kilobytes) / 1024 - 1) < 0.35, kept.text('memory-kept-by-failures'));
  const given = await run(t, noBreaker, env, retries, true);
  const { value } = given.record.findings.find(({ id }) => id === 'memory-kept-by-failures')!;
  assert.equal(value, 0, given.text('memory-kept-by-failures'));
});

test('plain calls and embeddings whose primary fails are answered by another deployment where the gateway has failover, and lost without it, each told apart', async (t) => {
  const deployments = (provider_model: string) => ({
    deployments: [
      { provider_model, region: 'eu' },
      { provider_model, region: 'us', weight: 0 },
    ],
  });
  const mixed = (on: boolean) =>
    flawedRun(t, 'failover', {
      evenDisturbed: true,
      provider: { claude_3_haiku: { ttft_ms: 60, tokens_per_second: 400, jitter: 0, output_tokens: 31 } },
      gateway: {
        models: {
          claude_3_haiku: deployments('claude_3_haiku'),
          cohere_english_v3: deployments('cohere_english_v3'),
        },
        failover: {
          ...{ on, first_byte_ms: 300, idle_ms: 300, plain_ms: 900 },
          breaker: { failures: 3, probe_ms: 300 },
        },
      },
      env: { RATE: '30', DURATION: '14s', FAULTS: '503,hang_before', KINDS: 'chat,embedding', PLAIN_SHARE: '0.5' },
    });
  const well = await mixed(true);
  const state = ({ record }: typeof well, name: string) =>
    record.objectives.find((each) => each.name === name)?.state ?? 'not there';
  for (const [id, noun, name] of [
    ['plain-answered', 'plain calls', 'plain calls answered all the same'],
    ['embeddings-answered', 'embeddings', 'embeddings answered all the same'],
  ] as const) {
    assert.match(
      well.text(id),
      new RegExp(
        `^(\\d+) of \\1 ${noun} that met a fault of openai/eu/\\S+ were answered all the same \\(100 %\\), \\d+ ms later`,
      ),
    );
    assert.notEqual(state(well, name), 'missed', why(well.record));
  }
  const lost = await mixed(false);
  for (const [id, name] of [
    ['plain-answered', 'plain calls answered all the same'],
    ['embeddings-answered', 'embeddings answered all the same'],
  ] as const) {
    assert.match(lost.text(id), /^0 of \d+ .* \(0 %\); lost: 503 \d+, hang_before \d+ \(/);
    assert.equal(state(lost, name), 'missed', why(lost.record));
  }
  assert.match(lost.text('embeddings-answered'), /of openai\/eu\/cohere_english_v3 were/);
});
