import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nowNs } from '../time/clock';
import { call, chatBody, configure, start, truthOf, until } from '../client.fixture';
import { runSimulator } from '../running.fixture';
import type { TruthRecord } from '../truth/truth';

/* What a call costs, and what its error is called, in the truth. The answer's tokens are due at 10 ms and then every 20 ms. */
const at = runSimulator();

const SLOW = 'ttft=10 rate=50 jitter=0 chunk=1 tokens=100000';
const bill = ({ billed_prompt_tokens: prompt, billed_completion_tokens: completion }: TruthRecord) => [
  prompt,
  completion,
];
/** Tokens that were due when the client left. */
const generated = ({ received_ns: received, client_gone_ns: gone }: TruthRecord) =>
  Math.floor(((gone ?? 0) - received - 10e6) / 20e6) + 1;

test('a stream hung up half way costs what was generated until then', async () => {
  const flight = start(at.providerChat, chatBody(`id=stream ${SLOW}`));
  await until(() => (flight.body().split('"content":" ').length > 3 ? true : undefined));
  flight.leave();
  const record = await truthOf(at.provider, 'stream', ({ client_gone_ns: gone }) => gone !== null);
  assert.deepEqual(bill(record), [record.prompt_tokens, generated(record)]);
  assert.ok(record.completion_tokens >= 3 && generated(record) >= record.completion_tokens);
});

test('a plain call hung up half way costs tokens that nobody has seen', async () => {
  const flight = start(at.providerChat, chatBody(`id=plain ${SLOW}`, { stream: false }));
  await truthOf(at.provider, 'plain', ({ received_ns: received }) => nowNs() > received + 70e6);
  flight.leave();
  const record = await truthOf(at.provider, 'plain', ({ client_gone_ns: gone }) => gone !== null);
  assert.deepEqual(bill(record), [record.prompt_tokens, generated(record)]);
  assert.ok(generated(record) >= 3);
  assert.equal(record.completion_tokens, 0);
});

test('hung up before the first token: the prompt alone', async () => {
  const flight = start(at.providerChat, chatBody('id=early ttft=60000'));
  await truthOf(at.provider, 'early', ({ billed_prompt_tokens: billed }) => (billed ?? 0) > 0);
  flight.leave();
  const record = await truthOf(at.provider, 'early', ({ client_gone_ns: gone }) => gone !== null);
  assert.deepEqual(bill(record), [record.prompt_tokens, 0]);
});

test('a whole answer costs all of it; a provider that stops in the middle what it said; a refused call nothing', async () => {
  const quick = 'ttft=1 rate=1000 jitter=0 chunk=1 tokens=5 after=2';
  const billOf = async (id: string, directive: string, more = {}) => {
    await call(at.providerChat, chatBody(`id=${id} ${quick} ${directive}`, more));
    const record = await truthOf(at.provider, id);
    return [record.billed_prompt_tokens === record.prompt_tokens, record.billed_completion_tokens, record.error];
  };
  assert.deepEqual(await billOf('whole', ''), [true, 5, null]);
  assert.deepEqual(await billOf('whole-plain', '', { stream: false }), [true, 5, null]);
  assert.deepEqual(await billOf('cut', 'fault=cut'), [true, 2, null]);
  assert.deepEqual(await billOf('event', 'fault=error_event'), [true, 2, 'server_error']);
  assert.deepEqual(await billOf('event-plain', 'fault=error_event', { stream: false }), [false, 0, 'server_error']);
  assert.deepEqual(await billOf('429', 'fault=429'), [false, 0, 'rate_limit_exceeded']);
  await configure(at.provider, { provider: { models: { claude_3_haiku: { context_limit: 5 } } } });
  assert.deepEqual(await billOf('long', ''), [false, 0, 'context_length_exceeded']);
});

test('embeddings cost their texts; the gateway bills nothing and has no provider’s error', async () => {
  await call(`${at.provider}/embeddings`, {
    model: 'text-embedding-005',
    input: ['red [[sim id=texts ttft=1]]', 'blue'],
  });
  const record = await truthOf(at.provider, 'texts');
  assert.deepEqual(bill(record), [record.prompt_tokens, 0]);
  await call(`${at.provider}/embeddings`, {
    model: 'text-embedding-005',
    input: 'red [[sim id=broken ttft=1 fault=error_event]]',
  });
  const broken = await truthOf(at.provider, 'broken');
  assert.deepEqual([...bill(broken), broken.status, broken.error], [0, 0, 500, 'server_error']);
  await call(at.chat, chatBody('id=both fault=429', { stream: false }));
  const { error, ...own } = await truthOf(at.base, 'both');
  assert.deepEqual([bill(own as TruthRecord), error], [[null, null], null]);
  assert.equal((await truthOf(at.provider, 'both')).error, 'rate_limit_exceeded');
});
