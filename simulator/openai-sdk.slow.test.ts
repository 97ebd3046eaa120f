import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import OpenAI, {
  APIConnectionError,
  APIConnectionTimeoutError,
  APIError,
  APIUserAbortError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
} from 'openai';
import type { FaultName } from './faults/faults';
import { startSimulator, type Simulator } from './start';
import { admin, configure, resetConfig, truthOf, until, type TruthAnswer } from './client.fixture';

/* The OpenAI wire of the provider, and of the reference gateway, as OpenAI's own SDK sees them. */
let simulator: Simulator;
let base: string;
let gatewayBase: string;
let provider: OpenAI;
let gateway: OpenAI;

const client = (baseURL: string, apiKey: string, more: object = {}) =>
  new OpenAI({ baseURL, apiKey, maxRetries: 0, ...more });
before(async () => {
  simulator = await startSimulator();
  base = simulator.providerUrl ?? '';
  gatewayBase = simulator.gatewayUrl ?? '';
  provider = client(base, 'any');
  gateway = client(gatewayBase, 'gsai-sim-key');
});
beforeEach(() => resetConfig(base));
after(() => simulator.close());

const QUICK = 'ttft=2 rate=500 jitter=0 chunk=1 tokens=6 after=2 delay=60';
const words = (text: string) =>
  text
    .trim()
    .split(' ')
    .filter((word) => word !== '').length;
const say = (content: string) => ({ model: 'claude_3_haiku', messages: [{ role: 'user' as const, content }] });
const ask = (directive: string) => say(`Hello. [[sim ${QUICK} ${directive}]]`);

interface Streamed {
  readonly chunks: OpenAI.ChatCompletionChunk[];
  readonly text: string;
  readonly finish: string | null;
  readonly usage: OpenAI.CompletionUsage | null;
  readonly error: unknown;
}

/** What a stream brought, and how it ended. */
async function stream(from: OpenAI, directive: string): Promise<Streamed> {
  const chunks: OpenAI.ChatCompletionChunk[] = [];
  let error: unknown = null;
  try {
    for await (const chunk of await from.chat.completions.create({
      ...ask(directive),
      stream: true,
      stream_options: { include_usage: true },
    }))
      chunks.push(chunk);
  } catch (thrown) {
    error = thrown;
  }
  const choices = chunks.flatMap((chunk) => chunk.choices);
  return {
    chunks,
    text: choices.map(({ delta }) => delta.content ?? '').join(''),
    finish: choices.find(({ finish_reason: reason }) => reason !== null && reason !== undefined)?.finish_reason ?? null,
    usage: chunks.find(({ usage }) => usage)?.usage ?? null,
    error,
  };
}

for (const [name, from] of [
  ['the provider', () => provider],
  ['the gateway', () => gateway],
] as const) {
  test(`${name}: a plain answer, and a stream with its usage`, async () => {
    const plain = await from().chat.completions.create({ ...ask('id=plain'), max_tokens: 4 });
    assert.deepEqual([words(plain.choices[0]?.message.content ?? ''), plain.choices[0]?.finish_reason], [4, 'length']);
    const { prompt_tokens: prompt } = await truthOf(base, 'plain');
    assert.deepEqual(
      { ...plain.usage },
      { prompt_tokens: prompt, completion_tokens: 4, total_tokens: 4 + (prompt ?? 0) },
    );
    const seen = await stream(from(), 'id=stream');
    assert.deepEqual([seen.error, words(seen.text), seen.finish, seen.usage?.completion_tokens], [null, 6, 'stop', 6]);
    const record = await truthOf(base, 'stream');
    assert.deepEqual([record.stream, record.content_ns.length, record.outcome], [true, 6, 'ok']);
  });

  test(`${name}: a stream that is left in the middle`, async () => {
    const left = await from().chat.completions.create({
      ...say('Hello. [[sim id=left ttft=1 rate=50 jitter=0 chunk=1 tokens=100000]]'),
      stream: true,
    });
    for await (const { choices } of left) if ((choices[0]?.delta.content ?? '') !== '') break;
    assert.equal((await truthOf(base, 'left', ({ client_gone_ns: gone }) => gone !== null)).outcome, 'client_gone');
  });
}

test('embeddings: the SDK asks for base64 by itself, and has the same numbers as in floats', async () => {
  const input = ['red [[sim id=e1 ttft=2]]', 'blue'];
  const packed = await provider.embeddings.create({ model: 'text-embedding-005', input, dimensions: 16 });
  const plain = await provider.embeddings.create({
    model: 'text-embedding-005',
    input,
    dimensions: 16,
    encoding_format: 'float',
  });
  assert.deepEqual(
    plain.data.map(({ embedding }) => embedding.length),
    [16, 16],
  );
  const rounded = plain.data.map(({ embedding }) => Array.from(Float32Array.from(embedding)));
  assert.deepEqual(
    packed.data.map(({ embedding }) => Array.from(embedding)),
    rounded,
  );
  assert.ok(rounded[0]?.some((value) => value !== 0));
  assert.deepEqual({ ...packed.usage }, { ...plain.usage });
  await assert.rejects(provider.embeddings.create({ model: 'text-embedding-005', input: [] }), BadRequestError);
});

test('embeddings by the gateway: floats only, as GSAi has it', async () => {
  const { data } = await gateway.embeddings.create({
    model: 'text-embedding-005',
    input: 'red',
    dimensions: 8,
    encoding_format: 'float',
  });
  assert.equal(data[0]?.embedding.length, 8);
  await assert.rejects(
    gateway.embeddings.create({ model: 'text-embedding-005', input: 'red' }),
    UnprocessableEntityError,
  );
});

test('models: OpenAI’s envelope from the provider; GSAi’s bare list, which the SDK takes for an empty one', async () => {
  const ids: string[] = [];
  for await (const { id } of provider.models.list()) ids.push(id);
  assert.ok(ids.includes('claude_3_haiku') && ids.includes('text-embedding-005'));
  const { data } = await gateway.models.list();
  assert.deepEqual(data ?? [], []);
});

const failsAs = (kind: new (...args: never[]) => APIError, status: number, code: string | null) => (error: unknown) =>
  error instanceof kind && error.status === status && (error.code ?? null) === code;

const wrong: [string, () => Promise<unknown>, (error: unknown) => boolean][] = [
  [
    'an unknown model',
    () => provider.chat.completions.create({ ...ask(''), model: 'nobody' }),
    failsAs(NotFoundError, 404, 'model_not_found'),
  ],
  [
    'no key',
    () => client(base, 'any', { defaultHeaders: { authorization: null } }).models.list(),
    failsAs(AuthenticationError, 401, 'invalid_api_key'),
  ],
  [
    'max_tokens 0',
    () => provider.chat.completions.create({ ...ask(''), max_tokens: 0 }),
    failsAs(BadRequestError, 400, null),
  ],
  [
    'a malformed directive',
    () => provider.chat.completions.create(ask('echo=x')),
    failsAs(BadRequestError, 400, 'sim_directive'),
  ],
  [
    'an unknown key at the gateway',
    () => client(gatewayBase, 'nobody').chat.completions.create(ask('')),
    failsAs(AuthenticationError, 401, null),
  ],
  [
    'a key without scopes at the gateway',
    () => client(gatewayBase, 'gsai-sim-no-scopes').chat.completions.create(ask('')),
    failsAs(PermissionDeniedError, 403, null),
  ],
];
for (const [what, send, check] of wrong) test(`${what} is the SDK’s own error`, () => assert.rejects(send(), check));

test('a prompt beyond the context limit, and a quota: context_length_exceeded, and RateLimitError with retry-after', async () => {
  await configure(base, { provider: { models: { claude_3_haiku: { context_limit: 5 } } } });
  await assert.rejects(
    provider.chat.completions.create(ask('')),
    failsAs(BadRequestError, 400, 'context_length_exceeded'),
  );
  await configure(base, {
    provider: { models: { claude_3_haiku: { context_limit: 500, quota: { requests_per_minute: 1 } } } },
  });
  await provider.chat.completions.create(ask(''));
  await assert.rejects(
    provider.chat.completions.create(ask('')),
    (error) => error instanceof RateLimitError && Number(error.headers.get('retry-after')) >= 1,
  );
});

test('the SDK waits as long as retry-after says, and tries again', async () => {
  await configure(base, { provider: { models: { claude_3_haiku: { failure_share: 1, failure: '429' } } } });
  const answer = client(base, 'any', { maxRetries: 1 }).chat.completions.create(ask('id=again'));
  await truthOf(base, 'again');
  await resetConfig(base);
  assert.equal(words((await answer).choices[0]?.message.content ?? ''), 6);
  const [refused, served] = (await admin<TruthAnswer>(base, '/truth?id=again')).requests;
  assert.deepEqual([refused?.error, served?.outcome], ['rate_limit_exceeded', 'ok']);
  assert.ok((served?.received_ns ?? 0) - (refused?.end_ns ?? Infinity) >= 1e9 - 5e6);
});

const early =
  (kind: new (...args: never[]) => APIError, status: number) =>
  ({ error }: Streamed) =>
    assert.ok(error instanceof kind && error.status === status, String(error));
const broken = ({ error, text }: Streamed) =>
  assert.deepEqual([error instanceof Error, words(text)], [true, 2], String(error));

/** What a stream comes to in the SDK under each fault that ends by itself. */
const faults: Partial<Record<FaultName, (seen: Streamed) => void>> = {
  refuse: ({ error }) => assert.ok(error instanceof APIConnectionError, String(error)),
  '429': (seen) => {
    early(RateLimitError, 429)(seen);
    assert.equal((seen.error as RateLimitError).headers.get('retry-after'), '1');
  },
  '500': early(InternalServerError, 500),
  '503': early(InternalServerError, 503),
  html: ({ error, text }) => assert.ok(error !== null || text === ''),
  not_stream: ({ error, text }) => assert.deepEqual([error, text], [null, '']),
  empty: ({ error, chunks }) => assert.deepEqual([error, chunks], [null, []]),
  error_event: ({ error, text }) =>
    assert.deepEqual(
      [error instanceof APIError, /server_error$/.test((error as APIError).type ?? ''), words(text)],
      [true, true, 2],
    ),
  cut: broken,
  reset: broken,
  no_finish: ({ error, text, finish }) => assert.deepEqual([error, words(text), finish], [null, 6, null]),
  no_usage: ({ error, text, finish, usage }) =>
    assert.deepEqual([error, words(text), finish, usage], [null, 6, 'stop', null]),
  no_done: ({ error, text, finish }) => assert.deepEqual([error, words(text), finish], [null, 6, 'stop']),
  coalesced: ({ error, text, finish }) => assert.deepEqual([error, words(text), finish], [null, 6, 'stop']),
  byte_at_a_time: ({ error, text, finish }) => assert.deepEqual([error, words(text), finish], [null, 6, 'stop']),
  slow_first_byte: ({ error, text, finish }) => assert.deepEqual([error, words(text), finish], [null, 6, 'stop']),
};
for (const [fault, check] of Object.entries(faults)) {
  test(`fault ${fault} of the provider`, async () => check(await stream(provider, `fault=${fault}`)));
  if (fault !== 'not_stream')
    test(`fault ${fault} of the gateway`, async () => check(await stream(gateway, `fault=${fault} at=gateway`)));
}

test('a hang before the first byte is the SDK’s time-out; one in mid-stream lasts until the caller gives up', async () => {
  const impatient = client(base, 'any', { timeout: 50 });
  assert.ok((await stream(impatient, 'fault=hang_before')).error instanceof APIConnectionTimeoutError);
  const abort = new AbortController();
  await assert.rejects(async () => {
    const asked = provider.chat.completions.create({ ...ask('fault=hang_before id=hung') }, { signal: abort.signal });
    await truthOf(base, 'hung', ({ fault }) => fault !== null);
    abort.abort();
    await asked;
  }, APIUserAbortError);
  const hanging = await provider.chat.completions.create({ ...ask('fault=hang_mid id=mid'), stream: true });
  let seen = 0;
  const reading = (async () => {
    for await (const { choices } of hanging) seen += choices[0]?.delta.content ? 1 : 0;
  })();
  await until(() => (seen === 2 ? true : undefined));
  hanging.controller.abort();
  await reading;
  assert.equal((await truthOf(base, 'mid', ({ client_gone_ns: gone }) => gone !== null)).content_ns.length, 2);
});
