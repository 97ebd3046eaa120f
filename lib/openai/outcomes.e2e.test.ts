import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { FAULTS } from '../../simulator/faults';
import { startSimulator, type Simulator } from '../../tools/processes';
import { tell, type Told } from '../../tools/tell';

/*
 * What the simulator does on the wire, and what must be counted. `provider`: OpenAI's wire. `gateway`: GSAi's own, where a
 * failed provider call is a 200 without content (GATEWAY-API, table of faults).
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

let simulator: Simulator;
let told: Told;
const cases = () => {
  // A stream of 40 tokens at 100/s, first after 200 ms: 0.6 s.
  const prompt = (fault: string, at: string) => `Please answer. [[sim ttft=200 rate=100 tokens=40 jitter=0 chunk=1${fault && ` fault=${fault}`}${at}]]`;
  const { provider, gateway } = simulator;
  return [
    ...wire.map(([fault, outcome]) => ({ name: `provider ${fault}`, base: provider, prompt: prompt(fault, ''), outcome })),
    ...wire.map(([fault, outcome]) => ({ name: `wire ${fault}`, base: gateway, prompt: prompt(fault, fault && ' at=gateway'), outcome })),
    ...throughGateway.map(([fault, outcome]) => ({ name: `gateway ${fault}`, base: gateway, prompt: prompt(fault, ''), outcome })),
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

test('the table leaves no fault of the simulator out', () => {
  const tried = new Set(wire.map(([fault]) => fault.split(' ')[0]));
  assert.deepEqual(FAULTS.filter((fault) => !tried.has(fault)), []);
});

test('started = finished + failed + interrupted', () => {
  const { started, finished, failed, interrupted, unfinished, lost } = told;
  assert.equal(started, cases().length);
  assert.equal(started, finished + failed + interrupted);
  assert.deepEqual([interrupted, unfinished, lost], [0, 0, 0]);
});

const measured = (name: string, metric: string) => told.measured.find((row) => row.name === name && row.metric === metric)?.value;

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
