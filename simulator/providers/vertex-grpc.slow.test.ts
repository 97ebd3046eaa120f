import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, configure, truthOf } from '../client.fixture';
import type { GrpcAnswer, GrpcError } from './prediction-client.fixture';
import { base, client, beta, GEMINI, nameOf, ask, answerText, words, fails, stream } from './vertex-grpc.fixture';

test('GenerateContent: answer, finish reason, usage; the truth knows wire, region and bill', async () => {
  const [answer] = await client.generateContent({
    ...ask('id=g1', 'europe-west4'),
    systemInstruction: { parts: [{ text: 'Be short.' }] },
  });
  assert.deepEqual(
    [words(answerText(answer)), answer.candidates[0]?.finishReason, answer.modelVersion],
    [6, 'STOP', GEMINI],
  );
  const record = await truthOf(base, 'g1');
  const { promptTokenCount, candidatesTokenCount, totalTokenCount } = answer.usageMetadata ?? {};
  assert.deepEqual(
    [promptTokenCount, candidatesTokenCount, totalTokenCount],
    [record.prompt_tokens, 6, 6 + (record.prompt_tokens ?? 0)],
  );
  const { wire, region, model, status, outcome, billed_prompt_tokens, billed_completion_tokens } = record;
  assert.deepEqual(
    { wire, region, model, status, outcome },
    { wire: 'vertex', region: 'europe-west4', model: GEMINI, status: 200, outcome: 'ok' },
  );
  assert.deepEqual([billed_prompt_tokens, billed_completion_tokens], [record.prompt_tokens, 6]);
  const [cut] = await client.generateContent({ ...ask(''), generationConfig: { maxOutputTokens: 2 } });
  assert.deepEqual([cut.candidates[0]?.finishReason, cut.usageMetadata?.candidatesTokenCount], ['MAX_TOKENS', 2]);
});

test('REST and gRPC count the same prompt the same', async () => {
  const rest = await call(new URL(`/v1/${nameOf(GEMINI)}:generateContent`, base).href, {
    contents: ask('id=same').contents,
  });
  const over = (await truthOf(base, 'same')).prompt_tokens;
  const [{ usageMetadata }] = await client.generateContent(ask('id=same'));
  assert.deepEqual([rest.status, usageMetadata?.promptTokenCount], [200, over]);
});

for (const [version, from] of [
  ['v1', () => client],
  ['v1beta1', () => beta],
] as const) {
  test(`StreamGenerateContent of ${version}: messages when they are due, the last with finish reason and usage`, async () => {
    const pieces: GrpcAnswer[] = [];
    for await (const piece of from().streamGenerateContent(ask(`id=s-${version}`))) pieces.push(piece);
    assert.deepEqual([pieces.length, words(pieces.map(answerText).join(''))], [7, 6]);
    assert.deepEqual(
      [pieces.at(-1)?.candidates[0]?.finishReason, pieces.at(-1)?.usageMetadata?.candidatesTokenCount],
      ['STOP', 6],
    );
    const record = await truthOf(base, `s-${version}`);
    assert.deepEqual(
      [
        record.stream,
        record.content_ns.length,
        record.completion_tokens,
        record.billed_completion_tokens,
        record.outcome,
      ],
      [true, 6, 6, 6, 'ok'],
    );
    assert.ok(
      record.content_ns.every((at, index) => at >= record.received_ns + 2e6 + index * 2e6 - 1000),
      'a chunk is early',
    );
  });
}

test('Predict: embeddings of the model’s own length, or of that which is asked for; the same vectors as over REST', async () => {
  const instances = ['red [[sim id=e1 ttft=2]]', 'blue'].map((content) => ({
    structValue: { fields: { content: { stringValue: content } } },
  }));
  const embed = async (model: string, parameters?: Record<string, number>) => {
    const fields = Object.fromEntries(
      Object.entries(parameters ?? {}).map(([key, numberValue]) => [key, { numberValue }]),
    );
    const [{ predictions }] = await client.predict({
      endpoint: nameOf(model),
      instances,
      ...(parameters === undefined ? {} : { parameters: { structValue: { fields } } }),
    });
    return predictions.map(
      ({ structValue }) =>
        structValue?.fields.embeddings?.structValue?.fields.values?.listValue?.values.map(
          ({ numberValue }) => numberValue,
        ) ?? [],
    );
  };
  assert.deepEqual(
    (await embed('text-embedding-005')).map(({ length }) => length),
    [768, 768],
  );
  assert.deepEqual(
    (await embed('gemini-embedding-001')).map(({ length }) => length),
    [3072, 3072],
  );
  const short = await embed('text-embedding-005', { outputDimensionality: 16 });
  const rest = await call(new URL(`/v1/${nameOf('text-embedding-005')}:predict`, base).href, {
    instances: [{ content: 'blue' }],
    parameters: { outputDimensionality: 16 },
  });
  assert.deepEqual(
    short[1],
    (JSON.parse(rest.body) as { predictions: { embeddings: { values: number[] } }[] }).predictions[0]?.embeddings
      .values,
  );
  await assert.rejects(embed('text-embedding-005', { outputDimensionality: 769 }), fails(3, 'from 1 to 768'));
});

const wrong: [string, () => Promise<unknown>, number, string][] = [
  ['an unknown model', () => client.generateContent(ask('', undefined, 'gemini-0')), 5, 'gemini-0'],
  [
    'a name that is none',
    () => client.generateContent({ ...ask(''), model: 'projects/simulator/locations/global/endpoints/1' }),
    5,
    'not a route',
  ],
  [
    'a chat with an embedding model',
    () => client.generateContent(ask('', undefined, 'text-embedding-005')),
    3,
    'not a model for chat',
  ],
  ['no contents', () => client.generateContent({ ...ask(''), contents: [] }), 3, 'contents must be'],
  ['a malformed directive', () => client.generateContent(ask('echo=x')), 3, 'echo is'],
  [
    'a fault that is none here',
    async () => {
      throw (await stream('fault=no_done')).error;
    },
    3,
    'no_done cannot be had here',
  ],
];
for (const [what, send, code, text] of wrong)
  test(`${what} is the status ${code} of gRPC`, () => assert.rejects(send(), fails(code, text)));

test('one region has no quota left, and says so in google.rpc.ErrorInfo, while the other goes on; a prompt that is too long', async () => {
  await configure(base, {
    provider: { deployments: { [`vertex/us-central1/${GEMINI}`]: { quota: { requests_per_minute: 1 } } } },
  });
  await client.generateContent(ask('id=q1'));
  await assert.rejects(client.generateContent(ask('id=q2')), (error: GrpcError) => {
    assert.deepEqual([error.code, error.reason, error.domain], [8, 'RATE_LIMIT_EXCEEDED', 'googleapis.com']);
    return true;
  });
  await client.generateContent(ask('id=q3', 'europe-west4'));
  const { error, outcome, status } = await truthOf(base, 'q2');
  assert.deepEqual([error, outcome, status], ['RESOURCE_EXHAUSTED', 'rejected', 429]);
  await configure(base, {
    provider: {
      deployments: { [`vertex/us-central1/${GEMINI}`]: { context_limit: 5, quota: { requests_per_minute: 0 } } },
    },
  });
  await assert.rejects(client.generateContent(ask('')), fails(3, 'exceeds the maximum number of tokens'));
});
