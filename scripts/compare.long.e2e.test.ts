import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { RunRecord } from '../lib/summary';
import { main } from '../tools/commands/compare/compare';
import { scratch } from '../tools/programs/scratch';
import { flawedRun, type FlawedRun } from '../tools/testing/flawed-run';

/*
 * What shows only when an operator changes something between two runs: the same load before and after, and what compare
 * says of the two. The slower one is always given as the new one: that one figure is worse takes less evidence than that
 * none is. The changes are flaws of the reference gateway.
 */

type Setting = Parameters<typeof flawedRun>[2];

/**
 * What compare says of two runs, with its exit code. A machine that is busy with other things makes the instrument doubtful,
 * and falls on both runs: the changes here are far larger.
 */
function compared(before: RunRecord, after: RunRecord): { code: number; said: string } {
  const folder = scratch();
  const [base, now] = [before, after].map((record, i) => {
    const name = join(folder, String(i));
    mkdirSync(name);
    writeFileSync(join(name, 'run.json'), JSON.stringify(record));
    return name;
  });
  let said = '';
  const write = (chunk: string) => {
    said += chunk;
  };
  const code = main([base!, now!, '--all', '--allow', 'instrument'], { out: write, err: write });
  return { code, said };
}

/** The same script with two settings. */
async function twice(t: TestContext, script: string, before: Setting, after: Setting): Promise<[FlawedRun, FlawedRun]> {
  return [
    await flawedRun(t, script, { evenDisturbed: true, ...before }),
    await flawedRun(t, script, { evenDisturbed: true, ...after }),
  ];
}

const chat = { ttft_ms: [60, 70], tokens_per_second: 400, jitter: 0, output_tokens: 21 };
const provider = { claude_3_haiku: chat };

test('statements that are printed, or a log that says more, make the same load slower: compare says by how much and fails the build', async (t) => {
  const env = { RATE: '25', DURATION: '16s' };
  const [off, on] = await twice(
    t,
    'smoke',
    { provider, env },
    { provider, env, flaws: { log: { block_ms: 12, bytes: 20_000 } } },
  );
  const worse = compared(off.record, on.record);
  assert.equal(worse.code, 99, worse.said);
  assert.match(worse.said, /TTFT p50.*\+(1\d|2\d|3\d)\.\d %/);
});

test('a column without an index: the look-up of a key grows with the number of keys, and an index takes it back by more than half', async (t) => {
  const env = { RATE: '45', DURATION: '14s' };
  const keys = (count: number) => ({
    keys: Object.fromEntries(Array.from({ length: count }, (_, i) => [`gsai-seeded-${i}`, {}])),
  });
  const searched = { auth: { lookup_ms: 2, ms_per_1k_keys: 4 } };
  const few = await flawedRun(t, 'pipeline', { evenDisturbed: true, env, gateway: keys(10), flaws: searched });
  const many = await flawedRun(t, 'pipeline', { evenDisturbed: true, env, gateway: keys(10_000), flaws: searched });
  const indexed = await flawedRun(t, 'pipeline', {
    evenDisturbed: true,
    env,
    gateway: keys(10_000),
    flaws: { auth: { lookup_ms: 2 } },
  });
  const lookUp = ({ record }: FlawedRun) => record.findings.find(({ id }) => id === 'key-look-up')!.value!;
  const grown = lookUp(many) - lookUp(few);
  assert.ok(grown > 34 && grown < 50, `${grown} ms for 10,000 keys: ${many.text('key-look-up')}`);
  assert.ok(lookUp(indexed) < 0.5 * lookUp(many), indexed.text('key-look-up'));
  const seeded = compared(few.record, many.record);
  assert.equal(seeded.code, 99, seeded.said);
  assert.match(seeded.said, /size=wrong-key|wrong-key/);
  const without = compared(indexed.record, many.record);
  assert.match(without.said, /look-up of a key .* worse/);
});

test('one provider is called over connections that are kept: its model is better, and the other one is not harmed', async (t) => {
  const env = { RATE: '40', DURATION: '14s', PROMPT_TOKENS: '50' };
  const models = { claude_3_haiku: chat, 'gemini-2.0-flash': chat };
  const [anew, kept] = await twice(
    t,
    'providers',
    { provider: models, env, flaws: { overhead_by_kind: { bedrock: 45, vertex: 0 } } },
    { provider: models, env },
  );
  const { code, said } = compared(kept.record, anew.record);
  assert.equal(code, 99, said);
  assert.match(said, /claude_3_haiku.*\+\d\d(\.\d)? %.*worse/);
  assert.doesNotMatch(said, /gemini.*\d %.*worse\b/);
});

test('a backup of the database that makes look-ups slow is a slow-down of the same load, told in per cent', async (t) => {
  const env = { RATE: '60', DURATION: '16s', PLAIN_SHARE: '0.6' };
  const [usual, backup] = await twice(
    t,
    'mixed',
    { provider, env },
    { provider, env, flaws: { auth: { lookup_ms: 45 } } },
  );
  const { code, said } = compared(usual.record, backup.record);
  assert.equal(code, 99, said);
  assert.match(said, /WORSE/);
});

test('work that is taken out of each request is seen in what a request costs: CPU, and what the collector does', async (t) => {
  const env = { RATE: '50', DURATION: '24s' };
  const wasteful = { cpu_ms_per_request: 9, chunk: { garbage_kb: 256 } };
  const [before, after] = await twice(t, 'resources', { env, pages: true, flaws: wasteful }, { env, pages: true });
  const cpu = ({ record }: FlawedRun) => record.findings.find(({ id }) => id === 'cpu-per-request')!;
  const [more, less] = [cpu(before), cpu(after)];
  assert.ok(less.interval![1] < more.interval![0], `${more.text}\n${less.text}`);
  assert.ok(less.value! < 0.75 * more.value!, `${more.text}\n${less.text}`);
  const { code, said } = compared(after.record, before.record);
  assert.equal(code, 99, said);
  assert.match(said, /CPU a request.*worse/);
});

test('one worker against four: with the same work on its event loop the same load waits longer, and compare says for which kinds', async (t) => {
  const env = { RATE: '50', DURATION: '16s', PLAIN_SHARE: '0.6' };
  const busy = { event_loop_block_ms: { bedrock: 22, vertex: 22 } };
  const [one, four] = await twice(
    t,
    'mixed',
    { provider, env, flaws: { ...busy, workers: 1 } },
    { provider, env, flaws: { ...busy, workers: 4 } },
  );
  const { code, said } = compared(four.record, one.record);
  assert.equal(code, 99, said);
  assert.match(said, /compare +WORSE/);
  const firstToken = ({ record }: FlawedRun) => record.phases.find(({ phase }) => phase === 'load')!.ttft!.p95!;
  assert.ok(firstToken(one) > 1.2 * firstToken(four), `${firstToken(one)} and ${firstToken(four)} ms`);
});

test('a breaker that asks for its state outside the process: switched on, it makes healthy requests later by what its look takes; one that costs nothing does not', async (t) => {
  const env = { RATE: '30', DURATION: '9s', PROMPT_TOKENS: '50' };
  const breaker = (failures: number) => ({ failover: { on: true, breaker: { failures, probe_ms: 300 } } });
  const setting = { provider, env, flaws: { breaker_ms: 9 } };
  const [off, on] = await twice(
    t,
    'overhead',
    { ...setting, gateway: breaker(0) },
    { ...setting, gateway: breaker(3) },
  );
  const added = ({ record }: FlawedRun) => record.findings.find(({ id }) => id === 'overhead-to-first-token')!.value!;
  const costs = added(on) - added(off);
  assert.ok(costs > 7 && costs < 14, `${costs} ms: ${on.text('overhead-to-first-token')}`);
  const { code, said } = compared(off.record, on.record);
  assert.equal(code, 99, said);
  assert.match(said, /TTFT p50 \(load, chat\): \+\d/);
  const free = await flawedRun(t, 'overhead', { evenDisturbed: true, provider, env, gateway: breaker(3) });
  assert.ok(added(free) - added(off) < 4, free.text('overhead-to-first-token'));
});
