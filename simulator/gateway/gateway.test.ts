import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, chatBody, configure, start, truthOf, until } from '../client.fixture';
import { runSimulator } from '../running.fixture';
import { startSimulator } from '../start';

const at = runSimulator();

const QUICK = 'ttft=5 rate=1000 jitter=0 chunk=2';
const bodyOf = <T>(seen: { body: string }) => JSON.parse(seen.body) as T;
const flaws = (patch: object) => configure(at.base, { gateway: { flaws: patch } });

/** The stream with what changes from run to run made plain. */
const normal = (text: string) =>
  text.replace(/"created":\d+/g, '"created":0').replace(/"content":"[^"]+"/g, '"content":"…"');
const chunk = (model: string, rest: string) =>
  `data: {"object":"chat.completion.chunk","created":0,"model":"${model}","choices":[${rest}}\n\n`;

for (const [model, role] of [
  ['claude_3_haiku', '{"content":"","role":"assistant"}'],
  ['gemini-2.0-flash', '{"role":"assistant"}'],
] as const) {
  test(`the stream of ${model}, byte for byte`, async () => {
    const seen = await call(at.chat, chatBody(`${QUICK} tokens=4`, { model, max_tokens: 3 }));
    assert.match(seen.headers['content-type'] ?? '', /^text\/event-stream/);
    const content = chunk(model, '{"index":0,"delta":{"content":"…"}}]');
    const prompt = /"prompt_tokens":(\d+)/.exec(seen.body)?.[1];
    const expected = [
      chunk(model, `{"index":0,"delta":${role}}]`),
      content,
      content,
      chunk(model, '{"index":0,"delta":{},"finish_reason":"length"}]'),
      chunk(model, `],"usage":{"prompt_tokens":${prompt},"completion_tokens":3,"total_tokens":${Number(prompt) + 3}}`),
      'data: [DONE]\n\n',
    ];
    assert.equal(normal(seen.body), expected.join(''));
    assert.doesNotMatch(seen.body, /null/);
  });
}

test('Bedrock’s role chunk comes before any token, Vertex’s with the first', async () => {
  for (const [model, early] of [
    ['claude_3_haiku', true],
    ['gemini-2.0-flash', false],
  ] as const) {
    const id = `role-${model}`;
    const flight = start(at.chat, chatBody(`id=${id} ttft=3600000`, { model }));
    await truthOf(at.provider, id, (record) => record.first_byte_ns !== null);
    // A stream that started later has gone by: what was to come at once has come.
    await call(at.chat, chatBody(`${QUICK} tokens=2`, { model }));
    assert.equal(flight.body().includes('"role":"assistant"'), early);
    flight.leave();
  }
});

test('a plain answer has no id', async () => {
  const seen = await call(at.chat, chatBody(`${QUICK} tokens=3`, { stream: false }));
  const answer = bodyOf<{ choices: object[] }>(seen);
  assert.deepEqual(Object.keys(answer), ['object', 'created', 'model', 'choices', 'usage']);
  assert.deepEqual(Object.keys(answer.choices[0] ?? {}), ['index', 'message', 'finish_reason']);
});

test('embeddings: camelCase usage; Bedrock shows the provider’s id, Vertex the requested one', async () => {
  const ask = (body: object) => call(`${at.base}/embeddings`, body);
  const cohere = bodyOf<{ data: { embedding: number[] }[] }>(
    await ask({ model: 'cohere_english_v3', input: ['a', 'b'], input_type: 'search_query' }),
  );
  assert.deepEqual(
    { ...cohere, data: cohere.data.length },
    { object: 'list', data: 2, model: 'cohere.embed-english-v3', usage: { promptTokens: 2, totalTokens: 2 } },
  );
  const vertex = bodyOf<{ model: string; data: { embedding: number[] }[] }>(
    await ask({ model: 'text-embedding-005', input: 'a', dimensions: 8 }),
  );
  assert.deepEqual([vertex.model, vertex.data[0]?.embedding.length], ['text-embedding-005', 8]);
  const texts = (n: number) => Array.from({ length: n }, () => 'a');
  assert.equal((await ask({ model: 'cohere_english_v3', input: texts(96) })).status, 200);
  assert.equal((await ask({ model: 'cohere_english_v3', input: texts(97) })).status, 422);
  assert.equal((await ask({ model: 'text-embedding-005', input: texts(97) })).status, 200);
});

test('/, /health without a key; models as a bare list with one; 404 and 405', async () => {
  for (const path of ['/', '/health'])
    assert.deepEqual(bodyOf(await call(new URL(path, at.base).href, undefined, { key: null })), { status: true });
  const models = bodyOf<{ id: string }[]>(await call(`${at.base}/models`));
  assert.deepEqual(
    models.find(({ id }) => id === 'cohere_english_v3'),
    { name: 'Cohere English v3', id: 'cohere_english_v3', capability: 'embedding' },
  );
  assert.deepEqual([(await call(`${at.base}/nothing`)).status, (await call(at.chat)).status], [404, 405]);
});

const auth: [string, { key?: string | null; headers?: Record<string, string> }, number, RegExp][] = [
  ['no header', { key: null }, 403, /^\{"detail":"Not authenticated"\}$/],
  ['another scheme', { key: null, headers: { authorization: 'Basic Z3NhaQ==' } }, 403, /Not authenticated/],
  ['an unknown key', { key: 'nobody' }, 401, /^\{"detail":"/],
  ['a key named like a property', { key: 'constructor' }, 401, /detail/],
  ['an inactive key', { key: 'gsai-sim-inactive' }, 401, /detail/],
  ['an expired key', { key: 'gsai-sim-expired' }, 401, /expired/],
  ['a key without the scope', { key: 'gsai-sim-no-scopes' }, 403, /models:inference/],
];
for (const [name, options, status, text] of auth) {
  test(`auth: ${name} is ${status}`, async () => {
    const seen = await call(at.chat, chatBody(''), options);
    assert.equal(seen.status, status);
    assert.match(seen.body, text);
  });
}

const invalid: [string, unknown, string, (string | number)[]][] = [
  ['no JSON', '{', 'json_invalid', ['body', 0]],
  ['no model', { messages: [] }, 'missing', ['body', 'model']],
  ['no messages', { model: 'claude_3_haiku' }, 'missing', ['body', 'messages']],
  ['an unknown model', chatBody('', { model: 'nobody' }), 'value_error', ['body', 'model']],
  ['the wrong capability', chatBody('', { model: 'cohere_english_v3' }), 'value_error', ['body', 'model']],
  [
    'an unknown role',
    chatBody('', { messages: [{ role: 'robot', content: 'x' }] }),
    'literal_error',
    ['body', 'messages', 0, 'role'],
  ],
  ['max_tokens 0', chatBody('', { max_tokens: 0 }), 'greater_than', ['body', 'max_tokens']],
  ['a hot Bedrock', chatBody('', { temperature: 1.5 }), 'less_than_equal', ['body', 'temperature']],
];
for (const [name, body, type, loc] of invalid) {
  test(`validation: ${name} is 422 as FastAPI words it`, async () => {
    const seen = await call(at.chat, body);
    assert.equal(seen.status, 422);
    const { detail } = bodyOf<{ detail: { type: string; loc: unknown; msg: string; input: unknown }[] }>(seen);
    assert.deepEqual([detail[0]?.type, detail[0]?.loc], [type, loc]);
    assert.deepEqual(Object.keys(detail[0] ?? {}), ['type', 'loc', 'msg', 'input']);
  });
}

test('Vertex may be hotter than Bedrock; a malformed directive is 400 with its sentence', async () => {
  assert.equal(
    (await call(at.chat, chatBody(`${QUICK} tokens=1`, { model: 'gemini-2.0-flash', temperature: 1.5 }))).status,
    200,
  );
  const seen = await call(at.chat, chatBody('ttft=x'));
  assert.equal(seen.status, 400);
  assert.match(seen.body, /^\{"detail":"In the \[\[sim\]\] directive ttft is/);
});

/** The error table of GATEWAY-API.md: fault of the provider, plain status, and what a stream ends with. */
const BEDROCK = 'claude_3_haiku';
const VERTEX = 'gemini-2.0-flash';
const table: [string, string, number, string][] = [
  ['429', BEDROCK, 429, ''],
  ['500', BEDROCK, 503, ''],
  ['503', BEDROCK, 503, ''],
  ['429', VERTEX, 400, 'data: [DONE]\n\n'],
  ['500', VERTEX, 500, 'data: [DONE]\n\n'],
  ['503', VERTEX, 500, 'data: [DONE]\n\n'],
  ['html', BEDROCK, 503, ''],
  ['empty', BEDROCK, 503, ''],
  ['empty', VERTEX, 500, 'data: [DONE]\n\n'],
];
for (const [fault, model, status, streamed] of table) {
  test(`the provider's ${fault} for ${model}: plain ${status}, stream 200 with ${JSON.stringify(streamed)}`, async () => {
    assert.equal((await call(at.chat, chatBody(`fault=${fault}`, { model, stream: false }))).status, status);
    const seen = await call(at.chat, chatBody(`id=f-${fault}-${model} fault=${fault}`, { model }));
    assert.deepEqual([seen.status, seen.body, seen.complete], [200, streamed, true]);
    assert.equal((await truthOf(at.base, `f-${fault}-${model}`)).outcome, 'failed');
  });
}

test('too long a prompt: plain 400 and an empty stream', async () => {
  await configure(at.base, { provider: { models: { [BEDROCK]: { context_limit: 5 } } } });
  assert.equal((await call(at.chat, chatBody('', { stream: false }))).status, 400);
  assert.deepEqual((await call(at.chat, chatBody(''))).body, '');
});

test('an error event in mid-stream: Bedrock stops without [DONE]; a cut: stops, then [DONE]', async () => {
  const mid = async (fault: string) =>
    normal((await call(at.chat, chatBody(`${QUICK} tokens=9 after=2 fault=${fault}`))).body);
  const content = chunk(BEDROCK, '{"index":0,"delta":{"content":"…"}}]');
  const begun = chunk(BEDROCK, '{"index":0,"delta":{"content":"","role":"assistant"}}]') + content + content;
  assert.equal(await mid('error_event'), begun);
  assert.equal(await mid('cut'), `${begun}data: [DONE]\n\n`);
});

test('Vertex embeddings: any error is 500 with a request_id', async () => {
  const seen = await call(`${at.base}/embeddings`, { model: 'text-embedding-005', input: 'x [[sim fault=429]]' });
  assert.equal(seen.status, 500);
  assert.deepEqual(Object.keys(bodyOf<object>(seen)), ['detail', 'request_id']);
});

test('the gateway’s truth and the provider’s lie side by side', async () => {
  await call(at.chat, chatBody(`${QUICK} tokens=9`), { headers: { 'x-request-id': 'pair' } });
  const [own, theirs] = [await truthOf(at.base, 'pair'), await truthOf(at.provider, 'pair')];
  assert.equal(own.prompt_sha, theirs.prompt_sha);
  assert.ok(own.received_ns <= (own.provider_call_ns ?? 0) && (own.provider_call_ns ?? Infinity) <= theirs.received_ns);
  assert.equal(own.content_ns.length, theirs.content_ns.length);
  assert.ok(own.content_ns.every((at, index) => at >= (theirs.content_ns[index] ?? Infinity)));
  assert.deepEqual([own.prompt_tokens, own.completion_tokens], [theirs.prompt_tokens, theirs.completion_tokens]);
});

for (const keep of [false, true]) {
  test(`a client that hangs up ${keep ? 'leaves the provider working, under the flaw' : 'ends the provider call'}`, async () => {
    await flaws({ keep_provider_call_after_hangup: keep });
    const id = `hangup-${keep}`;
    const flight = start(at.chat, chatBody(`id=${id} ttft=1 rate=400 jitter=0 chunk=1 tokens=100`));
    await until(() => (/"content":"[^"]/.test(flight.body()) ? true : undefined));
    flight.leave();
    const theirs = await truthOf(at.provider, id, (record) => record.end_ns !== null || record.client_gone_ns !== null);
    assert.deepEqual([theirs.outcome, theirs.completion_tokens === 100], keep ? ['ok', true] : ['client_gone', false]);
    assert.equal((await truthOf(at.base, id, (record) => record.client_gone_ns !== null)).outcome, 'client_gone');
  });
}

test('no provider at all: the table’s answer for "unavailable"', async () => {
  const gone = await startSimulator({ only: 'provider' });
  const lonely = await startSimulator({ only: 'gateway', providerUrl: gone.providerUrl ?? '' });
  await gone.close();
  assert.equal((await call(`${lonely.gatewayUrl}/chat/completions`, chatBody('', { stream: false }))).status, 503);
  assert.equal((await call(`${lonely.gatewayUrl}/chat/completions`, chatBody(''))).body, '');
  await lonely.close();
});
