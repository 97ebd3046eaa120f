import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GoogleGenAI, GenerateContentResponse } from '@google/genai';
import { admin, call, configure, truthOf, type TruthAnswer } from '../client.fixture';
import { base, origin, us, eu, GEMINI, ask, words, route, body, failsWith, stream } from './vertex.fixture';

test('logs in with the service account once, and then has its answer', async () => {
  const answer = await us.models.generateContent({
    model: GEMINI,
    contents: ask('id=g1'),
    config: { systemInstruction: 'Be short.' },
  });
  assert.deepEqual(
    [words(answer.text ?? ''), answer.candidates?.[0]?.finishReason, answer.modelVersion],
    [6, 'STOP', GEMINI],
  );
  const record = await truthOf(base, 'g1');
  const { promptTokenCount, candidatesTokenCount, totalTokenCount } = answer.usageMetadata ?? {};
  assert.deepEqual(
    [promptTokenCount, candidatesTokenCount, totalTokenCount],
    [record.prompt_tokens, 6, 6 + (record.prompt_tokens ?? 0)],
  );
  const { wire, region, model, billed_prompt_tokens, billed_completion_tokens } = record;
  assert.deepEqual({ wire, region, model }, { wire: 'vertex', region: 'us-central1', model: GEMINI });
  assert.deepEqual([billed_prompt_tokens, billed_completion_tokens], [record.prompt_tokens, 6]);
  await us.models.generateContent({ model: GEMINI, contents: ask('') });
  const logins = (await admin<TruthAnswer>(base, '/truth')).requests.filter(({ path }) => path === '/token');
  assert.deepEqual(
    logins.map(({ status, outcome }) => [status, outcome]),
    [[200, 'ok']],
  );
  const cut = await us.models.generateContent({ model: GEMINI, contents: ask(''), config: { maxOutputTokens: 2 } });
  assert.deepEqual([cut.candidates?.[0]?.finishReason, cut.usageMetadata?.candidatesTokenCount], ['MAX_TOKENS', 2]);
});

test('a stream: pieces when they are due, the last with finish reason and usage', async () => {
  const { pieces, text, error } = await stream('id=s1');
  assert.equal(error, null);
  assert.deepEqual([pieces.length, words(text)], [7, 6]);
  assert.deepEqual(
    pieces.map((piece) => piece.candidates?.[0]?.finishReason),
    [...Array<undefined>(6).fill(undefined), 'STOP'],
  );
  assert.deepEqual(
    pieces.map((piece) => piece.usageMetadata?.candidatesTokenCount),
    [...Array<undefined>(6).fill(undefined), 6],
  );
  const record = await truthOf(base, 's1');
  assert.deepEqual(
    [record.stream, record.content_ns.length, record.completion_tokens, record.billed_completion_tokens],
    [true, 6, 6, 6],
  );
  assert.ok(
    record.content_ns.every((at, index) => at >= record.received_ns + 2e6 + index * 2e6 - 1000),
    'a chunk is early',
  );
  assert.ok((record.usage_ns ?? 0) >= (record.content_ns.at(-1) ?? Infinity));
});

test('the bytes: alt=sse ends lines with CR LF; without it the stream is one JSON list', async () => {
  const sse = await call(`${route('streamGenerateContent')}?alt=sse`, body(''));
  assert.match(sse.headers['content-type'] ?? '', /^text\/event-stream/);
  assert.equal(sse.body, sse.data.map((line) => `data: ${line.trimEnd()}\r\n\r\n`).join(''));
  const list = await call(route('streamGenerateContent'), body(''));
  assert.match(list.headers['content-type'] ?? '', /^application\/json/);
  const pieces = JSON.parse(list.body) as GenerateContentResponse[];
  assert.deepEqual([pieces.length, pieces.at(-1)?.usageMetadata?.candidatesTokenCount], [7, 6]);
  const broken = JSON.parse((await call(route('streamGenerateContent'), body('fault=error_event'))).body) as {
    error?: { status: string };
  }[];
  assert.deepEqual([broken.length, broken.at(-1)?.error?.status], [3, 'INTERNAL']);
  const open = await call(route('streamGenerateContent'), body('fault=no_done'));
  assert.deepEqual([open.complete, open.body.endsWith(']')], [true, false]);
  const refused = JSON.parse((await call(route('streamGenerateContent'), body('fault=429'))).body) as {
    error: { code: number };
  }[];
  assert.equal(refused[0]?.error.code, 429, 'errors in a list too');
});

test('countTokens says what generateContent will count, and costs nothing', async () => {
  const { totalTokens } = await us.models.countTokens({ model: GEMINI, contents: ask('id=count') });
  const { usageMetadata } = await us.models.generateContent({ model: GEMINI, contents: ask('id=count') });
  assert.equal(totalTokens, usageMetadata?.promptTokenCount);
});

test('embeddings by predict: values, token count, truncation; its limits', async () => {
  const model = 'text-embedding-005';
  const embed = (contents: string[], config = {}) => us.models.embedContent({ model, contents, config });
  const { embeddings = [] } = await embed(['red [[sim id=e1 ttft=2]]', 'blue'], { outputDimensionality: 256 });
  assert.deepEqual(
    embeddings.map(({ values }) => values?.length),
    [256, 256],
  );
  assert.deepEqual([embeddings[1]?.statistics?.tokenCount, embeddings[1]?.statistics?.truncated], [1, false]);
  const record = await truthOf(base, 'e1');
  assert.deepEqual(
    [record.billed_prompt_tokens, record.billed_completion_tokens, record.region],
    [record.prompt_tokens, 0, 'us-central1'],
  );
  await configure(base, { provider: { models: { [model]: { context_limit: 5 } } } });
  const long = 'one two three four five six seven';
  const cut = (await embed([long, 'one two three four five'])).embeddings?.map(({ statistics }) => [
    statistics?.tokenCount,
    statistics?.truncated,
  ]);
  assert.deepEqual(cut, [
    [5, true],
    [5, false],
  ]);
  assert.deepEqual(
    (await embed(['red'])).embeddings?.map(({ values }) => values?.length),
    [768],
  );
  const gemini = await us.models.embedContent({ model: 'gemini-embedding-001', contents: 'red' });
  assert.deepEqual(
    gemini.embeddings?.map(({ values }) => values?.length),
    [3072],
  );
  await assert.rejects(embed([long], { outputDimensionality: 769 }), failsWith(400, 'from 1 to 768'));
  await assert.rejects(embed([long], { autoTruncate: false }), failsWith(400, 'INVALID_ARGUMENT'));
  await assert.rejects(embed(Array<string>(251).fill('a')), failsWith(400, 'Max allowed: 250'));
});

const wrong: [string, () => Promise<unknown>, number, string][] = [
  ['an unknown model', () => us.models.generateContent({ model: 'gemini-0', contents: 'x' }), 404, 'NOT_FOUND'],
  [
    'a chat with an embedding model',
    () => us.models.generateContent({ model: 'text-embedding-005', contents: 'x' }),
    400,
    'not a model for chat',
  ],
  [
    'maxOutputTokens 0',
    () => us.models.generateContent({ model: GEMINI, contents: 'x', config: { maxOutputTokens: 0 } }),
    400,
    'maxOutputTokens',
  ],
  [
    'an unknown role',
    () => us.models.generateContent({ model: GEMINI, contents: [{ role: 'robot', parts: [{ text: 'x' }] }] }),
    400,
    'valid role',
  ],
  [
    'a malformed directive',
    () => us.models.generateContent({ model: GEMINI, contents: ask('echo=x') }),
    400,
    'echo is',
  ],
  [
    'a fault that is none here',
    async () => {
      throw (await stream('fault=no_done')).error;
    },
    400,
    'no_done cannot be had here',
  ],
];
for (const [what, send, status, text] of wrong)
  test(`${what} is ${status} in Google’s form`, () => assert.rejects(send(), failsWith(status, text)));

test('no login is 401; versions of a model, v1beta1 and API keys are understood', async () => {
  const refused = await call(route('generateContent'), body(''), { key: null });
  assert.deepEqual(
    [refused.status, (JSON.parse(refused.body) as { error: { status: string } }).error.status],
    [401, 'UNAUTHENTICATED'],
  );
  const beta = `${origin}/v1beta1/projects/p/locations/global/publishers/google/models/${GEMINI}-001:generateContent`;
  assert.equal((await call(beta, body('id=beta'), { key: null, headers: { 'x-goog-api-key': 'any' } })).status, 200);
  const { region, model } = await truthOf(base, 'beta');
  assert.deepEqual({ region, model }, { region: 'global', model: GEMINI });
});

test('one region has no quota left while the other goes on', async () => {
  await configure(base, {
    provider: { deployments: { [`vertex/us-central1/${GEMINI}`]: { quota: { requests_per_minute: 1 } } } },
  });
  const send = (from: GoogleGenAI, id: string) =>
    from.models.generateContent({
      model: GEMINI,
      contents: ask(`id=${id}`),
      config: { httpOptions: { retryOptions: { attempts: 1 } } },
    });
  await send(us, 'q1');
  await assert.rejects(send(us, 'q2'), failsWith(429, 'RESOURCE_EXHAUSTED'));
  await send(eu, 'q3');
  const record = await truthOf(base, 'q2');
  assert.deepEqual([record.error, record.outcome, record.billed_prompt_tokens], ['RESOURCE_EXHAUSTED', 'rejected', 0]);
  await configure(base, { provider: { deployments: { [`vertex/us-central1/${GEMINI}`]: { context_limit: 5 } } } });
  await assert.rejects(send(us, 'long'), failsWith(400, 'exceeds the maximum number of tokens'));
});
