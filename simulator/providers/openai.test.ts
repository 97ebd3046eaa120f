import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { startSimulator, type Simulator } from '../start';
import {
  admin,
  call,
  chatBody,
  configure,
  resetConfig,
  start,
  truthOf,
  until,
  type TruthAnswer,
} from '../client.fixture';

let simulator: Simulator;
let base: string;
let chat: string;

before(async () => {
  simulator = await startSimulator({ only: 'provider' });
  base = simulator.providerUrl ?? '';
  chat = `${base}/chat/completions`;
});
beforeEach(() => resetConfig(base));
after(() => simulator.close());

const QUICK = 'ttft=5 rate=1000 jitter=0 chunk=2';

interface Chunk {
  readonly id: string;
  readonly choices: {
    readonly delta: { readonly content?: string; readonly role?: string };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: {
    readonly prompt_tokens: number;
    readonly completion_tokens: number;
    readonly total_tokens: number;
  } | null;
}
const chunks = (data: readonly string[]) =>
  data.filter((text) => text !== '[DONE]').map((text) => JSON.parse(text) as Chunk);

test('a stream: role, content, finish, usage, [DONE], in OpenAI’s shape', async () => {
  const seen = await call(chat, chatBody(`${QUICK} tokens=5`, { stream_options: { include_usage: true } }));
  assert.equal(seen.status, 200);
  assert.match(seen.headers['content-type'] ?? '', /^text\/event-stream/);
  assert.ok(seen.complete);
  assert.equal(seen.body, seen.data.map((text) => `data: ${text}\n\n`).join(''));
  const [role, first, second, third, finish, usage] = chunks(seen.data);
  assert.deepEqual(role?.choices[0]?.delta, { role: 'assistant', content: '', refusal: null });
  const contents = [first, second, third].map((chunk) => chunk?.choices[0]?.delta.content);
  assert.deepEqual(
    contents.map((text) => text?.trim().split(' ').length),
    [1, 2, 2],
  );
  assert.deepEqual(finish?.choices[0], { index: 0, delta: {}, logprobs: null, finish_reason: 'stop' });
  assert.deepEqual(usage?.choices, []);
  assert.equal(usage?.usage?.completion_tokens, 5);
  assert.equal(usage?.usage?.total_tokens, 5 + (usage?.usage?.prompt_tokens ?? 0));
  assert.ok(
    chunks(seen.data)
      .slice(0, -1)
      .every((chunk) => chunk.usage === null),
  );
  assert.equal(new Set(chunks(seen.data).map(({ id }) => id)).size, 1);
  assert.deepEqual([seen.data.length, seen.data[6]], [7, '[DONE]']);
});

test('usage only when asked for, and then not as a key of the other chunks either', async () => {
  const seen = await call(chat, chatBody(`${QUICK} tokens=2`));
  assert.ok(chunks(seen.data).every((chunk) => !('usage' in chunk)));
});

test('a plain answer, max_tokens gives length', async () => {
  const seen = await call(chat, chatBody(`${QUICK} tokens=50`, { stream: false, max_tokens: 4 }));
  const answer = JSON.parse(seen.body) as Record<string, unknown> & {
    choices: { message: { content: string }; finish_reason: string }[];
    usage: unknown;
  };
  assert.deepEqual(Object.keys(answer), ['id', 'object', 'created', 'model', 'choices', 'usage']);
  assert.equal(answer.choices[0]?.finish_reason, 'length');
  assert.equal(answer.choices[0]?.message.content.split(' ').length, 4);
});

test('embeddings: deterministic, dimensions honoured, usage', async () => {
  const ask = (body: object) => call(`${base}/embeddings`, { model: 'text-embedding-005', ...body });
  type Answer = {
    data: { object: string; embedding: number[]; index: number }[];
    usage: { prompt_tokens: number; total_tokens: number };
  };
  const read = async (body: object) => JSON.parse((await ask(body)).body) as Answer;
  const single = await read({ input: 'red' });
  const list = await read({ input: ['blue', 'red'] });
  assert.equal(single.data[0]?.embedding.length, 768);
  assert.deepEqual(list.data[1]?.embedding, single.data[0]?.embedding);
  assert.notDeepEqual(list.data[0]?.embedding, single.data[0]?.embedding);
  assert.deepEqual(
    list.data.map(({ index }) => index),
    [0, 1],
  );
  assert.deepEqual(list.usage, { prompt_tokens: 2, total_tokens: 2 });
  assert.equal((await read({ input: 'red', dimensions: 3072 })).data[0]?.embedding.length, 3072);
  assert.equal((await ask({ input: [] })).status, 400);
});

test('models in OpenAI’s envelope; 401 without a key; 404 for an unknown model or route', async () => {
  const list = JSON.parse((await call(`${base}/models`)).body) as {
    object: string;
    data: { id: string; object: string }[];
  };
  assert.equal(list.object, 'list');
  assert.ok(list.data.some(({ id, object }) => id === 'claude_3_haiku' && object === 'model'));
  const refused = await call(`${base}/models`, undefined, { key: null });
  assert.deepEqual(
    [refused.status, (JSON.parse(refused.body) as { error: { code: string } }).error.code],
    [401, 'invalid_api_key'],
  );
  assert.match((await call(chat, chatBody('', { model: 'nobody' }))).body, /model_not_found/);
  assert.equal((await call(`${base}/nothing`)).status, 404);
});

test('bad bodies and directives are 400 with a sentence', async () => {
  for (const body of [
    '{',
    '[]',
    {},
    { model: 'claude_3_haiku' },
    chatBody('', { max_tokens: 0 }),
    chatBody('', { model: 'text-embedding-005' }),
  ]) {
    const seen = await call(chat, body);
    assert.equal(seen.status, 400);
    assert.ok((JSON.parse(seen.body) as { error: { message: string } }).error.message.length > 10);
  }
  assert.match((await call(chat, chatBody('ttft=x'))).body, /ttft is \\"x\\", but must be a number/);
});

test('a directive counts only in the last user message, and also in content parts', async () => {
  const old = { role: 'user', content: '[[sim tokens=nonsense]]' };
  const parts = [
    { type: 'text', text: 'Hi' },
    { type: 'text', text: `[[sim ${QUICK} tokens=3 id=parts]]` },
  ];
  await call(
    chat,
    chatBody('', { messages: [old, { role: 'assistant', content: 'x' }, { role: 'user', content: parts }] }),
  );
  assert.equal((await truthOf(base, 'parts')).completion_tokens, 3);
});

test('a quota is 429 with retry-after, and a change of settings opens it again', async () => {
  const quota = (requests: number) =>
    configure(base, { provider: { models: { claude_3_haiku: { quota: { requests_per_minute: requests } } } } });
  await quota(2);
  const statuses = [];
  for (let index = 0; index < 3; index += 1) statuses.push((await call(chat, chatBody(`${QUICK} tokens=1`))).status);
  assert.deepEqual(statuses, [200, 200, 429]);
  const refused = await call(chat, chatBody(`${QUICK} tokens=1`));
  assert.ok(Number(refused.headers['retry-after']) >= 1 && Number(refused.headers['retry-after']) <= 60);
  await quota(2);
  assert.equal((await call(chat, chatBody(`${QUICK} tokens=1`))).status, 200);
});

test('tokens beyond the context limit are 400 context_length_exceeded', async () => {
  await configure(base, { provider: { models: { claude_3_haiku: { context_limit: 50 } } } });
  const long = await call(chat, chatBody('', { messages: [{ role: 'user', content: 'word '.repeat(100) }] }));
  assert.deepEqual(
    [long.status, (JSON.parse(long.body) as { error: { code: string } }).error.code],
    [400, 'context_length_exceeded'],
  );
  assert.equal((await call(chat, chatBody(`${QUICK} tokens=1`))).status, 200);
});

test('failure_share 1 makes every request fail as the settings say', async () => {
  await configure(base, { provider: { models: { claude_3_haiku: { failure_share: 1, failure: '500' } } } });
  assert.equal((await call(chat, chatBody(''))).status, 500);
});

test('truth: one stamp a chunk, in order, never before its deadline; lateness is reported', async () => {
  await call(new URL('/truth', base).href, undefined, { method: 'DELETE' });
  const seen = await call(
    chat,
    chatBody('id=t1 ttft=30 rate=200 jitter=0 chunk=3 tokens=20', { stream_options: { include_usage: true } }),
  );
  const contents = chunks(seen.data).filter((chunk) => (chunk.choices[0]?.delta.content ?? '') !== '');
  const record = await truthOf(base, 't1');
  assert.equal(record.content_ns.length, contents.length);
  record.content_ns.forEach((at, index) => {
    const tokenIndex = Math.min(index * 3, 19);
    assert.ok(at >= record.received_ns + 30e6 + (tokenIndex / 200) * 1e9 - 1000, `chunk ${index} is early`);
    assert.ok(index === 0 || at >= (record.content_ns[index - 1] ?? 0));
  });
  const { received_ns: received, first_byte_ns: firstByte, usage_ns: usage, end_ns: end } = record;
  assert.ok(
    received <= (firstByte ?? 0) && (record.content_ns.at(-1) ?? 0) <= (usage ?? 0) && (usage ?? 0) <= (end ?? 0),
  );
  assert.deepEqual([record.status, record.outcome, record.completion_tokens, record.fault], [200, 'ok', 20, null]);
  assert.match(record.prompt_sha ?? '', /^[0-9a-f]{64}$/);
  const { lateness } = await admin<TruthAnswer>(base, '/truth');
  assert.equal(lateness.count, contents.length);
  assert.ok((lateness.p50 ?? -1) >= 0 && (lateness.max ?? -1) >= (lateness.p99 ?? 0));
  assert.deepEqual(await admin(base, '/lateness'), lateness);
});

test('a client that leaves is seen, and the rest is not sent', async () => {
  const flight = start(chat, chatBody('id=gone ttft=1 rate=50 jitter=0 chunk=1 tokens=100000'));
  await until(() => (flight.body().includes('"content":"') ? true : undefined));
  flight.leave();
  const record = await truthOf(base, 'gone', ({ client_gone_ns: gone }) => gone !== null);
  assert.equal(record.outcome, 'client_gone');
  assert.ok(record.completion_tokens < 100_000);
});

test('config: GET shows it, a wrong PATCH is 400 and changes nothing, reset goes back', async () => {
  type Shown = { provider: { models: Record<string, { ttft_ms: unknown }> } };
  const before = await admin<Shown>(base, '/config');
  const refused = await configure(base, { provider: { models: { claude_3_haiku: { ttft_ms: 'x' } } } });
  assert.equal(refused.status, 400);
  assert.match(refused.body, /claude_3_haiku\.ttft_ms is \\"x\\"/);
  assert.equal((await configure(base, '{')).status, 400);
  assert.deepEqual(await admin(base, '/config'), before);
  await configure(base, { provider: { models: { '*': { ttft_ms: 1 } } } });
  assert.equal((await admin<Shown>(base, '/config')).provider.models.llama3211b?.ttft_ms, 1);
  await resetConfig(base);
  assert.deepEqual(await admin(base, '/config'), before);
});

test('a stall holds up every deadline, and lateness tells', async () => {
  await call(new URL('/truth', base).href, undefined, { method: 'DELETE' });
  const flight = start(chat, chatBody('ttft=1 rate=100 jitter=0 chunk=1 tokens=30'));
  await until(() => (flight.body().includes('"content":"') ? true : undefined));
  const stalled = await call(new URL('/stall', base).href, { ms: 150 });
  assert.deepEqual(JSON.parse(stalled.body), { stalled_ms: 150 });
  await flight.seen;
  assert.ok(((await admin<TruthAnswer>(base, '/truth')).lateness.max ?? 0) > 100);
  assert.equal((await call(new URL('/stall', base).href, { ms: 'long' })).status, 400);
});

test('rerank in Cohere’s form: what is alike comes first, and the tokens of query and documents are told', async () => {
  const documents = ['Opening hours of the pool', { text: 'How waste is collected' }, 'The library opens at nine'];
  const ask = (more: object) =>
    call(`${base}/rerank`, { model: 'cohere_english_v3', query: 'when is waste collected', ...more });
  const seen = await ask({ documents });
  const answer = JSON.parse(seen.body) as {
    results: { index: number; relevance_score: number }[];
    meta: { tokens: { input_tokens: number } };
    usage: { total_tokens: number };
  };
  assert.deepEqual(answer.results.map(({ index }) => index).sort(), [0, 1, 2]);
  assert.equal(answer.results[0]!.index, 1);
  assert.ok(answer.meta.tokens.input_tokens > 10);
  // Where Jina and vLLM tell it.
  assert.equal(answer.usage.total_tokens, answer.meta.tokens.input_tokens);
  assert.equal((JSON.parse((await ask({ documents, top_n: 2 })).body) as typeof answer).results.length, 2);
  assert.equal((await ask({ documents: [] })).status, 400);
  assert.equal((await ask({ documents, query: '' })).status, 400);
});
