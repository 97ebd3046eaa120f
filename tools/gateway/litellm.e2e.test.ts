import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, test, type TestContext } from 'node:test';
import { FAULTS } from '../../simulator/faults';
import { k6, scratch, type K6Run } from '../k6';
import { startSimulator, type Simulator } from '../processes';
import { tell, type Case, type Told } from '../tell';
import { startLiteLLM, unfit, type LiteLLM } from './litellm';
import { limitPerMinute, models } from './litellm-config';

/*
 * A gateway that nobody here wrote, between k6 and the simulated providers. Where this machine's Python cannot run it, every test
 * says so and is skipped.
 */
let simulator: Simulator;
let gateway: LiteLLM;
let cannot = '';
before(async () => {
  cannot = await unfit();
  if (cannot) return;
  simulator = await startSimulator();
  gateway = await startLiteLLM(simulator.provider);
});
afterEach(async () => {
  if (!cannot) await simulator.reset();
});
after(async () => {
  await gateway?.stop();
  await simulator?.stop();
});

function withLiteLLM(name: string, body: (t: TestContext) => Promise<void>): void {
  test(name, { timeout: 120_000 }, async (t) => (cannot ? t.skip(cannot) : body(t)));
}

/** First tokens of 50 ms: how much LiteLLM adds on this machine at this moment is not what is tested. */
const quick = { provider: { models: { '*': { ttft_ms: [50, 60] } } } };
const run = (script: string, env: Record<string, string>): Promise<K6Run> => k6(`dist/${script}.js`, { env: { BASE_URL: gateway.base, API_KEY: gateway.key, PROVIDER_URL: simulator.provider, ...env } });

function sound({ run: record, stdout, stderr }: K6Run) {
  assert.ok(record, stdout + stderr);
  const { started, finished, failed, interrupted } = record.counts;
  assert.equal(started, finished + failed + interrupted);
  return record;
}
const why = (record: ReturnType<typeof sound>) => record.reasons.map((reason) => `${reason.about}: ${reason.text}`).join('\n');
const smoke = { RATE: '30', DURATION: '5s' };

for (const [wire, model] of Object.entries(models.chat)) {
  const embedding = models.embedding[wire as keyof typeof models.embedding];
  withLiteLLM(`smoke on ${wire}: PASS, and the token counts are the provider's`, async () => {
    await simulator.configure(quick);
    await clearTruth();
    const record = sound(await run('smoke', { ...smoke, MODEL: model, ...(embedding && { EMBEDDING_MODEL: embedding }) }));
    assert.equal(record.verdict, 'PASS', why(record));
    assert.deepEqual([...new Set(record.outcomes.map((row) => row.outcome))], ['ok']);
    // The first stream is the preflight's, which is no part of the load.
    const [, ...truth] = (await readTruth()).filter((row) => row.stream);
    const sum = (metric: 'llm_prompt_tokens' | 'llm_completion_tokens') => record.metrics[metric]?.find(({ tags }) => tags.kind === 'chat' && Object.keys(tags).length === 1)?.sum;
    assert.equal(sum('llm_prompt_tokens'), truth.reduce((total, row) => total + row.prompt_tokens, 0));
    assert.equal(sum('llm_completion_tokens'), truth.reduce((total, row) => total + row.completion_tokens, 0));
  });
}

withLiteLLM("ttft on every wire: PASS, prompt sizes apart, each later than the provider's own 50 ms", async () => {
  await simulator.configure(quick);
  // The plan's figures would judge this machine, and its 1 % errors need more requests than there is time for.
  const sizes = ['small', 'medium', 'large'].map((size) => ({ name: `TTFT, ${size}`, metric: 'llm_ttft', stat: 'p90', below: 3000, tags: { size }, source: 'this test' }));
  const success = { name: 'success', metric: 'llm_stream_error', stat: 'share', below: 0.05, source: 'this test' };
  const file = join(scratch(), 'objectives.json');
  writeFileSync(file, JSON.stringify({ row: 'ttft through LiteLLM', objectives: [...sizes, success] }));
  const record = sound(await run('ttft', { RATE: '15', DURATION: '17s', MODELS: Object.values(models.chat).join(','), OBJECTIVES: file }));
  assert.equal(record.verdict, 'PASS', why(record));
  for (const objective of record.objectives.slice(0, 3)) assert.ok(objective.measured! > 50, `${objective.name}: ${objective.measured} ms`);
});

/** What LiteLLM makes of a provider's fault: it waits 5 s for a silent one, which is longer than these requests do. */
const throughLiteLLM: Record<(typeof FAULTS)[number], string> = {
  '429': 'http_429',
  '500': 'http_5xx',
  '503': 'http_5xx',
  refuse: 'http_5xx',
  error_event: 'stream_error',
  cut: 'stream_error',
  reset: 'stream_error',
  hang_before: 'timeout_first',
  hang_mid: 'timeout_idle',
  empty: 'empty',
  no_finish: 'ok', // it makes up a finish reason
  no_usage: 'ok', // it counts by itself
  no_done: 'ok',
  coalesced: 'ok',
  byte_at_a_time: 'ok',
  slow_first_byte: 'ok',
  html: 'empty', // with a finish reason
  not_stream: 'empty',
};
const directive = (fault: string) => `Please answer. [[sim ttft=200 rate=100 tokens=40 jitter=0 chunk=1 fault=${fault}${fault === 'slow_first_byte' ? ' delay=400' : ''}]]`;

const faultCases = (): (Case & { outcome: string })[] =>
  Object.entries(models.chat).flatMap(([wire, model]) =>
    FAULTS.map((fault) => ({ name: `${wire} ${fault}`, base: gateway.base, key: gateway.key, model, prompt: directive(fault), patience: 3000, outcome: throughLiteLLM[fault] })),
  );

function outcomes(told: Told): Record<string, string> {
  return Object.fromEntries(told.counted.map(({ name, outcome, count }) => [name, `${outcome} ${count}`]));
}

withLiteLLM("every fault of a provider ends in an outcome: LiteLLM's errors are told, its silence is timed out", async () => {
  const told = await tell(faultCases());
  assert.deepEqual(outcomes(told), Object.fromEntries(faultCases().map(({ name, outcome }) => [name, `${outcome} 1`])));
  assert.deepEqual([told.started, told.interrupted, told.unfinished, told.lost], [faultCases().length, 0, 0, 0]);
  const tokens = told.measured.find((row) => row.name === 'openai coalesced' && row.metric === 'llm_completion_tokens');
  assert.equal(tokens?.value, 40, 'usage was asked for, and read from its chunk');
});

withLiteLLM("who waits longer than LiteLLM sees its own time-outs: a 408, and an error event in mid-stream", async () => {
  const model = models.chat.openai;
  const one = (fault: string) => ({ name: fault, base: gateway.base, key: gateway.key, model, prompt: directive(fault), patience: 9000 });
  assert.deepEqual(outcomes(await tell([one('hang_before'), one('hang_mid')])), { hang_before: 'http_4xx 1', hang_mid: 'stream_error 1' });
});

withLiteLLM("smoke, the provider's every stream cut: FAIL, counted as errors of the stream", async () => {
  await simulator.configure({ provider: { models: { claude_3_haiku: { ttft_ms: 50, failure_share: 1, failure: 'cut' } } } });
  const record = sound(await run('smoke', smoke));
  assert.equal(record.verdict, 'FAIL', why(record));
  const counted = new Map(record.outcomes.filter((row) => row.tags.kind === 'chat').map((row) => [row.outcome, row.count]));
  assert.ok(counted.get('stream_error')! > 0, [...counted].join());
  // A LiteLLM that is so late that the stream broke before it had sent its headers answers with a status instead.
  counted.delete('stream_error');
  counted.delete('http_5xx');
  assert.deepEqual([...counted], []);
});

const said = (record: ReturnType<typeof sound>) => record.findings.map((finding) => finding.text).join('\n');
const value = (record: ReturnType<typeof sound>, name: string) => record.findings.find((finding) => finding.name === name)?.value;
const twoModels = `${models.chat.openai},${models.balanced}`;

withLiteLLM("overhead: every stream is paired with the provider's record, and LiteLLM's own time is above 0 and below a second", async () => {
  await simulator.configure(quick);
  const record = sound(await run('overhead', { RATE: '10', DURATION: '14s' }));
  assert.notEqual(record.verdict, 'INVALID', why(record));
  assert.equal(value(record, 'streams paired'), 1, said(record));
  for (const metric of ['llm_overhead_ttft', 'llm_overhead_chunk'] as const) {
    const p50 = record.metrics[metric]?.find(({ tags }) => Object.keys(tags).length === 0)?.p50;
    assert.ok(p50! > 0 && p50! < 1000, `${metric} p50 ${p50}`);
  }
});

withLiteLLM('failover: the fallback answers what failed before its first token; what breaks in mid-stream stays broken', async () => {
  await simulator.configure(quick);
  const record = sound(await run('failover', { MODEL: models.fallback, FAULTS: '503,cut', RATE: '10', DURATION: '12s' }));
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.equal(value(record, 'failover'), 1, said(record));
  assert.match(said(record), /failover from openai\/us-east-1\/claude_3_5_sonnet to openai\/us-west-2\/claude_3_5_sonnet: (\d+) of \1 requests/);
  assert.ok(value(record, 'streams broken')! > 0, said(record));
  assert.ok(value(record, 'calls upstream')! > 1.5, said(record));
  // A single deployment of a name is never left out.
  assert.match(why(record), /time to detect: not detected/);
});

withLiteLLM("bulkhead: one model's hang, as seen by another's requests", async () => {
  await simulator.configure(quick);
  const record = sound(await run('bulkhead', { MODELS: twoModels, RATE: '24', DURATION: '14s' }));
  assert.match(said(record), /while claude_3_haiku hangs, 0 of \d\d requests of llama3211b failed/);
  assert.equal(typeof value(record, 'TTFT, hung'), 'number', said(record));
});

withLiteLLM("cost: tokens and calls as the provider has booked them, hang-ups passed on", async () => {
  await simulator.configure(quick);
  const record = sound(await run('cost', { RATE: '12', DURATION: '10s' }));
  assert.equal(value(record, 'prompt tokens added'), 0, said(record));
  assert.equal(value(record, 'usage that is wrong or missing'), 0, said(record));
  assert.equal(value(record, 'provider calls per request'), 1, said(record));
  assert.ok(value(record, 'provider stopped after a hang-up')! < 5000, said(record));
});

withLiteLLM('providers: two models side by side, by region, and the early role chunk told', async () => {
  await simulator.configure(quick);
  const record = sound(await run('providers', { MODELS: twoModels, RATE: '20', DURATION: '8s' }));
  assert.equal(value(record, 'side by side'), 3, said(record));
  assert.match(said(record), /claude_3_haiku us-east-1: its first event comes \d+\.\d ms before its first token and says nothing/);
  assert.ok(record.outcomes.every((row) => row.outcome === 'ok'));
});

withLiteLLM('an unknown model, a refused key (both are 400): INVALID, in words, before the load', async () => {
  const unknown = sound(await run('smoke', { ...smoke, MODEL: 'no-such-model' }));
  assert.equal(unknown.verdict, 'INVALID');
  assert.match(why(unknown), /does not take MODEL=no-such-model: 400 \(.*Invalid model name.*it offers .*claude_3_haiku/);
  const refused = sound(await run('smoke', { ...smoke, API_KEY: 'sk-wrong' }));
  assert.equal(refused.verdict, 'INVALID');
  assert.match(why(refused), /refused the key with 400 .*check API_KEY/);
});

const chat = (model: string, more: object = {}) =>
  fetch(`${gateway.base}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hello [[sim ttft=20 tokens=5]]' }], stream: true, ...more }),
  });

withLiteLLM('usage comes only when stream_options.include_usage asks for it, as our requests do', async () => {
  assert.doesNotMatch(await (await chat(models.chat.openai)).text(), /"usage"/);
  assert.match(await (await chat(models.chat.openai, { stream_options: { include_usage: true } })).text(), /"usage":\{"completion_tokens":5,/);
});

withLiteLLM('its own rate limit: 429, with the time to wait', async () => {
  const statuses: number[] = [];
  let wait: string | null = null;
  for (let i = 0; i < 2 * limitPerMinute + 1; i++) {
    const answer = await chat(models.limited);
    await answer.text();
    statuses.push(answer.status);
    wait ??= answer.headers.get('llm_provider-retry-after');
  }
  // Windows are minutes of the clock: one may end in between.
  assert.ok(statuses.includes(200) && statuses.includes(429), statuses.join());
  assert.ok(Number(wait) > 0, `retry after ${wait}`);
});

withLiteLLM('a failing deployment: the fallback answers, and the header and the truth tell it', async () => {
  await simulator.configure({ provider: { deployments: { 'openai/us-east-1/claude_3_5_sonnet': { failure_share: 1, failure: '503' } } } });
  await clearTruth();
  const answer = await chat(models.fallback);
  assert.match(await answer.text(), /\[DONE\]/);
  assert.equal(answer.headers.get('x-litellm-attempted-fallbacks'), '1');
  assert.deepEqual((await readTruth()).map((row) => [row.region, row.status]), [['us-east-1', 503], ['us-west-2', 200]]);
});

interface TruthRow {
  stream: boolean;
  region: string | null;
  status: number | null;
  prompt_tokens: number;
  completion_tokens: number;
}
async function readTruth(): Promise<TruthRow[]> {
  return ((await (await fetch(new URL('/truth', simulator.provider))).json()) as { requests: TruthRow[] }).requests;
}
async function clearTruth(): Promise<void> {
  await fetch(new URL('/truth', simulator.provider), { method: 'DELETE' });
}
