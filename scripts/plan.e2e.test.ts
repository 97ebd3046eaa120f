import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { k6 } from '../tools/programs/k6';
import { scratch } from '../tools/programs/scratch';
import { sound, undisturbed, why } from '../tools/testing/k6';
import { sharedSimulator } from '../tools/testing/shared-simulator';

/*
 * The plan's scripts, shrunk to seconds: each against a gateway in order, and those that look for something against one
 * that has it. The two that climb, spike and stress, stand in climb.e2e.test.ts, endurance in endurance.e2e.test.ts.
 */
const simulator = sharedSimulator();

const run = (script: string, env: Record<string, string>) =>
  undisturbed(`dist/${script}.js`, { env: { BASE_URL: simulator().gateway, API_KEY: 'gsai-sim-key', ...env } });

for (const script of ['baseline', 'peak']) {
  test(`${script}: passes on a gateway in order`, async () => {
    const record = sound(await run(script, { RATE: '100', DURATION: '12s', PLAIN_SHARE: '0.5' }));
    assert.equal(record.verdict, 'PASS', why(record));
    const load = record.phases.find((phase) => phase.phase === 'load')!;
    assert.ok(Math.abs(load.sent_rate - 100) < 2, `${load.sent_rate}/s`);
  });
}

test("PlainCallsWereNotInTheMix: a pool that plain calls hold is met by the plan's own mix", async () => {
  await simulator().configure({ gateway: { flaws: { db_pool: { size: 15 } } } });
  const record = sound(await run('baseline', { RATE: '60', DURATION: '12s' }));
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(why(record), /target: (response time p95|errors)/);
});

test("the plan's users and rate are compared with Little's law", async () => {
  const record = sound(await run('baseline', { RATE: '50', DURATION: '4s' }));
  assert.match(record.notes.join('\n'), /Little's law: 50 requests\/s x 2 s.*= 100 requests in flight/);
  assert.match(
    record.notes.join('\n'),
    /the plan names 100 users and 50 requests\/s, and the two contradict each other/,
  );
});

test('ttft: prompt sizes and model families stand apart', async () => {
  const record = sound(
    await run('ttft', { RATE: '100', DURATION: '16s', MODELS: 'claude_3_haiku,gemini-2.0-flash,llama3211b' }),
  );
  assert.equal(record.verdict, 'PASS', why(record));
  for (const model of ['claude_3_haiku', 'gemini-2.0-flash', 'llama3211b'])
    assert.ok(
      record.objectives.some((objective) => objective.name === `TTFT p95, prompts of 1,000 tokens and more: ${model}`),
      model,
    );
});

test('ttft: a gateway that is slower with long prompts fails on those alone', async () => {
  // Beyond the limit with each long prompt: with 600 ms it was so with one in twenty, which is where p95 lies.
  await simulator().configure({ provider: { models: { claude_3_haiku: { ttft_per_1k_prompt_tokens_ms: 900 } } } });
  const record = sound(await run('ttft', { RATE: '60', DURATION: '8s' }));
  assert.equal(record.verdict, 'FAIL', why(record));
  const missed = record.objectives
    .filter((objective) => objective.state === 'missed')
    .map((objective) => objective.name);
  const [large, small] = ['of 1,000 tokens and more', 'under 200 tokens'].map(
    (size) => `TTFT p95, prompts ${size}: claude_3_haiku`,
  );
  assert.ok(missed.includes(large!) && !missed.includes(small!), missed.join());
});

test("mixed: the plan's shares and sub-shares, each judged apart", async () => {
  const record = sound(await run('mixed', { RATE: '100', DURATION: '15s', PLAIN_SHARE: '0.5' }));
  const shares: Record<string, number> = {};
  for (const { tags, count } of record.outcomes)
    shares[tags.size!] = (shares[tags.size!] ?? 0) + count / record.counts.started;
  const plan = { short: 0.4, medium: 0.2, long: 0.1, single: 0.15, batch: 0.1, list: 0.05 };
  assert.deepEqual(Object.keys(shares).sort(), Object.keys(plan).sort());
  // Four standard deviations of a share of some 1,400 draws.
  for (const [size, share] of Object.entries(plan)) {
    const spread = 4 * Math.sqrt((share * (1 - share)) / record.counts.started);
    assert.ok(Math.abs(shares[size]! - share) < spread, `${size}: ${shares[size]} of ${share}`);
  }
  assert.equal(record.objectives.find((objective) => objective.name === 'success')?.state, 'ok');
});

test('a stall of the target shows in the figures counted from the schedule (coordinated omission)', async () => {
  // Twenty requests at once at most: during the stall the schedule goes on, and what it wanted sent waits.
  const stall = () =>
    fetch(new URL('/stall', simulator().gateway), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"ms":5000}',
    });
  let stalled: Promise<unknown> | undefined;
  const waiting = join(scratch(), 'objectives.json');
  writeFileSync(
    waiting,
    JSON.stringify({
      row: 'test',
      objectives: [{ name: 'response time p90', metric: 'llm_e2e', stat: 'p90', below: 1200, source: 'this test' }],
    }),
  );
  const ran = await k6('dist/smoke.js', {
    env: {
      BASE_URL: simulator().gateway,
      API_KEY: 'gsai-sim-key',
      RATE: '20',
      VUS: '20',
      DURATION: '20s',
      OBJECTIVES: waiting,
    },
    onStart: (child) =>
      child.stderr?.on('data', (text: Buffer) => {
        if (/requests\/s sent/.test(String(text))) stalled ??= stall();
      }),
  });
  await stalled;
  const record = sound(ran);
  assert.ok(stalled, 'the stall took place');
  // WaitingIsJudged: what was sent was answered fast, what could not be sent waited; the objective is about the waiting.
  const [judged] = record.objectives;
  assert.equal(judged!.metric, 'llm_e2e_scheduled');
  const { e2e, e2e_scheduled, queue, waited } = record.phases[0]!;
  assert.ok(Math.abs(judged!.measured! / e2e_scheduled!.p90! - 1) < 0.02, `${judged!.measured} is judged`);
  assert.ok(waited > 20, `${waited} requests waited for a VU`);
  assert.ok(queue!.max! > 2000, `the last of them ${queue!.max} ms`);
  assert.ok(
    e2e_scheduled!.p90! > 2 * e2e!.p90!,
    `p90 from the schedule ${e2e_scheduled!.p90}, from sending ${e2e!.p90}`,
  );
});
