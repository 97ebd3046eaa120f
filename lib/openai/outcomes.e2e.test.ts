import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FAULTS } from '../../simulator/faults/faults';
import { startSimulator, type Simulator } from '../../tools/programs/simulator';
import { sound, undisturbed, why } from '../../tools/testing/k6';
import { bundleFixture } from '../../tools/testing/fixture-script';
import { tell, type Told } from '../../tools/testing/outcomes';

/*
 * What the simulator does on the wire, and what must be counted. `provider`: OpenAI's wire. `gateway`: GSAi's own,
 * where a failed provider call is a 200 without content (GATEWAY-API, table of faults).
 */
const wire: [fault: string, outcome: string][] = [
  ['', 'ok'],
  ['429', 'http_429'],
  ['500', 'http_5xx'],
  ['503', 'http_5xx'],
  ['error_event after=5', 'stream_error'],
  ['cut after=5', 'reset'],
  ['reset after=5', 'reset'],
  ['hang_before', 'timeout_first'],
  ['hang_mid after=5', 'timeout_idle'],
  ['empty', 'empty'],
  ['no_finish', 'truncated'],
  ['no_usage', 'ok'],
  ['coalesced', 'ok'],
  ['byte_at_a_time', 'ok'],
  ['slow_first_byte delay=400', 'ok'],
  ['slow_first_byte delay=3000', 'timeout_first'],
  ['html', 'malformed'],
  ['not_stream', 'malformed'],
  ['no_done', 'ok'],
  ['refuse', 'reset'],
];
const throughGateway: [fault: string, outcome: string][] = [
  ['', 'ok'],
  ['429', 'empty'],
  ['503', 'empty'],
  ['error_event after=5', 'truncated'],
  ['cut after=5', 'truncated'],
  ['hang_before', 'timeout_first'],
  ['hang_mid after=5', 'timeout_idle'],
];
/**
 * Every fault through the gateway, in the phases that it has (`after` so many chunks: before the first, in the middle,
 * after the last), as a stream and as a plain call. Where the two kinds of provider differ: Bedrock's, Vertex AI's.
 */
const everyPhase: [fault: string, stream: string | [string, string], plain: string | [string, string]][] = [
  ['429', 'empty', ['http_429', 'http_4xx']],
  ['500', 'empty', 'http_5xx'],
  ['503', 'empty', 'http_5xx'],
  ['refuse', 'empty', 'http_5xx'],
  ['empty', 'empty', 'http_5xx'],
  ['html', 'empty', 'http_5xx'],
  ['not_stream', 'empty', 'ok'],
  ['hang_before', 'timeout_first', 'timeout_first'],
  ['slow_first_byte delay=400', 'ok', 'ok'],
  ...['error_event', 'cut', 'reset'].flatMap((fault): [string, string, string][] => [
    [`${fault} after=0`, 'empty', 'http_5xx'],
    [`${fault} after=5`, 'truncated', 'http_5xx'],
    [`${fault} after=99`, 'truncated', 'http_5xx'],
  ]),
  ['hang_mid after=0', ['timeout_idle', 'timeout_first'], 'timeout_first'],
  ['hang_mid after=5', 'timeout_idle', 'timeout_first'],
  ['hang_mid after=99', 'timeout_idle', 'timeout_first'],
  ['no_finish', 'truncated', 'ok'],
  ...['no_usage', 'no_done', 'coalesced', 'byte_at_a_time'].map((fault): [string, string, string] => [
    fault,
    'ok',
    'ok',
  ]),
];
const everyWay = ['claude_3_haiku', 'gemini-2.0-flash'].flatMap((model, kind) =>
  everyPhase.flatMap(([fault, stream, plain]) =>
    [stream, plain].map((outcome, i) => ({
      model,
      plain: i === 1,
      fault,
      outcome: typeof outcome === 'string' ? outcome : outcome[kind]!,
    })),
  ),
);

let simulator: Simulator;
let told: Told;
const cases = () => {
  // A stream of 40 tokens at 100/s, first after 200 ms: 0.6 s.
  const prompt = (fault: string, at: string) =>
    `Please answer. [[sim ttft=200 rate=100 tokens=40 jitter=0 chunk=1${fault && ` fault=${fault}`}${at}]]`;
  const { provider, gateway } = simulator;
  return [
    ...wire.map(([fault, outcome]) => ({
      name: `provider ${fault}`,
      base: provider,
      prompt: prompt(fault, ''),
      outcome,
    })),
    ...wire.map(([fault, outcome]) => ({
      name: `wire ${fault}`,
      base: gateway,
      prompt: prompt(fault, fault && ' at=gateway'),
      outcome,
    })),
    ...throughGateway.map(([fault, outcome]) => ({
      name: `gateway ${fault}`,
      base: gateway,
      prompt: prompt(fault, ''),
      outcome,
    })),
    ...everyWay.map(({ model, plain, fault, outcome }) => ({
      name: `${model} ${plain ? 'plain' : 'stream'} ${fault}`,
      base: gateway,
      model,
      plain,
      patience: 2000,
      prompt: prompt(fault, ''),
      outcome,
    })),
    { name: 'connect', base: 'http://127.0.0.1:1/v1', prompt: 'hello', outcome: 'connect' },
    { name: 'unknown route', base: `${provider}/nowhere`, prompt: 'hello', outcome: 'http_4xx' },
  ];
};

before(async () => {
  simulator = await startSimulator();
  told = await tell(cases());
});
after(() => simulator.stop());

test('each fault on the wire is counted under its outcome', () => {
  const seen = Object.fromEntries(told.counted.map(({ name, outcome, count }) => [name, `${outcome} ${count}`]));
  const want = Object.fromEntries(cases().map(({ name, outcome }) => [name, `${outcome} 1`]));
  assert.deepEqual(seen, want);
});

test('the tables leave no fault of the simulator out', () => {
  for (const table of [wire, everyPhase]) {
    const tried = new Set(table.map(([fault]) => fault.split(' ')[0]));
    assert.deepEqual(
      FAULTS.filter((fault) => !tried.has(fault)),
      [],
    );
  }
});

test('a run in which everything fails in every way ends, with each request accounted for and a verdict', async () => {
  const outfile = await bundleFixture('lib/openai/faults.fixture.ts');
  const run = sound(
    await undisturbed(outfile, {
      env: { BASE_URL: simulator.gateway, API_KEY: 'gsai-sim-key', MODELS: 'claude_3_haiku,gemini-2.0-flash' },
    }),
  );
  assert.equal(run.verdict, 'FAIL', why(run));
  assert.equal(run.counts.interrupted, 0);
  assert.deepEqual([...new Set(run.outcomes.map(({ tags }) => tags.size))].sort(), [...FAULTS].sort());
});

test('started = finished + failed + interrupted', () => {
  const { started, finished, failed, interrupted, unfinished, lost } = told;
  assert.equal(started, cases().length);
  assert.equal(started, finished + failed + interrupted);
  assert.deepEqual([interrupted, unfinished, lost], [0, 0, 0]);
});

const measured = (name: string, metric: string) =>
  told.measured.find((row) => row.name === name && row.metric === metric)?.value;

test('coalesced chunks show as tokens per chunk above 1, missing usage as no token figure at all', () => {
  assert.equal(measured('provider ', 'llm_completion_tokens'), 40);
  assert.equal(measured('provider ', 'llm_tokens_per_chunk'), 1);
  assert.equal(measured('provider no_usage', 'llm_completion_tokens'), undefined);
  assert.equal(measured('provider no_usage', 'llm_tokens_per_second'), undefined);
  assert.ok(measured('provider no_usage', 'llm_ttft')! > 0);
});

test('a role-only first chunk is the first chunk, not the first token', () => {
  // The gateway sends Bedrock's role chunk at once, and the first token 200 ms later.
  assert.ok(measured('gateway ', 'llm_ttft')! - measured('gateway ', 'llm_first_chunk')! > 100);
});
