import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { call, configure, truthOf } from '../client.fixture';
import {
  base,
  us,
  eu,
  HAIKU,
  COHERE,
  ask,
  input,
  claude,
  cohere,
  converseStream,
  claudeStream,
  words,
} from './bedrock.fixture';

test('Converse: answer, stop reason, usage, latency; the truth knows wire, region and bill', async () => {
  const answer = await us.send(new ConverseCommand({ ...input('id=c1'), system: [{ text: 'Be short.' }] }));
  assert.equal(words(answer.output?.message?.content?.[0]?.text ?? ''), 6);
  assert.deepEqual([answer.output?.message?.role, answer.stopReason], ['assistant', 'end_turn']);
  const record = await truthOf(base, 'c1');
  assert.deepEqual(answer.usage && { ...answer.usage }, {
    inputTokens: record.prompt_tokens,
    outputTokens: 6,
    totalTokens: 6 + (record.prompt_tokens ?? 0),
  });
  assert.ok((answer.metrics?.latencyMs ?? 0) >= 12);
  assert.ok((answer.$metadata.requestId ?? '').length > 10);
  const { wire, region, model, status, error, billed_prompt_tokens, billed_completion_tokens, outcome } = record;
  assert.deepEqual(
    { wire, region, model, status, error, outcome },
    { wire: 'bedrock', region: 'us-east-1', model: HAIKU, status: 200, error: null, outcome: 'ok' },
  );
  assert.deepEqual([billed_prompt_tokens, billed_completion_tokens], [record.prompt_tokens, 6]);
  const cut = await us.send(new ConverseCommand({ ...input(''), inferenceConfig: { maxTokens: 2 } }));
  assert.deepEqual([cut.stopReason, cut.usage?.outputTokens], ['max_tokens', 2]);
});

test('ConverseStream: messageStart, deltas, contentBlockStop, messageStop, metadata, each delta when it is due', async () => {
  const { events, text, error } = await converseStream('id=s1');
  assert.equal(error, null);
  assert.deepEqual(
    events.map((event) => Object.keys(event)[0]),
    ['messageStart', ...Array<string>(6).fill('contentBlockDelta'), 'contentBlockStop', 'messageStop', 'metadata'],
  );
  assert.equal(words(text), 6);
  assert.equal(events.at(-2)?.messageStop?.stopReason, 'end_turn');
  assert.equal(events.at(-1)?.metadata?.usage?.outputTokens, 6);
  const record = await truthOf(base, 's1');
  assert.deepEqual(
    [record.content_ns.length, record.completion_tokens, record.billed_completion_tokens, record.outcome],
    [6, 6, 6, 'ok'],
  );
  assert.ok(
    record.content_ns.every((at, index) => at >= record.received_ns + 2e6 + index * 2e6 - 1000),
    'a chunk is early',
  );
  assert.ok((record.usage_ns ?? 0) >= (record.content_ns.at(-1) ?? Infinity));
});

test('model ids: percent encoding, region prefixes and ARNs; a model that does not exist', async () => {
  const ids = [
    HAIKU,
    `us.${HAIKU}`,
    `eu.${HAIKU}`,
    `arn:aws:bedrock:us-east-1::foundation-model/${HAIKU}`,
    `arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.${HAIKU}`,
  ];
  for (const [index, id] of ids.entries()) {
    await us.send(new ConverseCommand(input(`id=m${index}`, id)));
    assert.equal((await truthOf(base, `m${index}`)).model, HAIKU, id);
  }
  const raw = await call(new URL(`/model/${HAIKU}/converse`, base).href, {
    messages: [{ role: 'user', content: [{ text: ask('') }] }],
  });
  assert.equal(raw.status, 200, 'a plain colon, and a Bearer key');
  await us.send(new ConverseCommand(input('', 'meta.llama3-2-11b-instruct-v1:0')));
  await assert.rejects(us.send(new ConverseCommand(input('', 'nobody.nothing-v1:0'))), {
    name: 'ResourceNotFoundException',
    message: /nobody\.nothing-v1:0/,
  });
});

test('Claude by InvokeModel, plain: Anthropic’s form, the usage also in headers', async () => {
  const answer = await us.send(new InvokeModelCommand(claude('id=i1', { system: 'Be short.' })));
  const body = JSON.parse(Buffer.from(answer.body).toString()) as {
    content: { text: string }[];
    stop_reason: string;
    model: string;
    usage: { input_tokens: number; output_tokens: number };
  };
  const record = await truthOf(base, 'i1');
  assert.deepEqual(
    [words(body.content[0]?.text ?? ''), body.stop_reason, body.model],
    [6, 'end_turn', 'claude-3-haiku-20240307'],
  );
  assert.deepEqual(body.usage, { input_tokens: record.prompt_tokens, output_tokens: 6 });
  const seen = await call(new URL(`/model/${HAIKU}/invoke`, base).href, claude('').body);
  assert.deepEqual(
    [seen.headers['x-amzn-bedrock-output-token-count'], Number(seen.headers['x-amzn-bedrock-input-token-count']) > 0],
    ['6', true],
  );
});

test('Claude by InvokeModelWithResponseStream: Anthropic’s events in base64, Bedrock’s metrics in the last', async () => {
  const { events, error } = await claudeStream('id=i2');
  assert.equal(error, null);
  assert.deepEqual(
    events.map(({ type }) => type),
    [
      'message_start',
      'content_block_start',
      ...Array<string>(6).fill('content_block_delta'),
      'content_block_stop',
      'message_delta',
      'message_stop',
    ],
  );
  const record = await truthOf(base, 'i2');
  assert.equal(events[0]?.message?.usage?.input_tokens, record.prompt_tokens);
  const [delta, stop] = events.slice(-2);
  assert.deepEqual([delta?.delta?.stop_reason, delta?.usage], ['end_turn', { output_tokens: 6 }]);
  const metrics = stop?.['amazon-bedrock-invocationMetrics'] as Record<string, number>;
  assert.deepEqual([metrics.inputTokenCount, metrics.outputTokenCount], [record.prompt_tokens, 6]);
  assert.ok((metrics.firstByteLatency ?? 0) >= 2 && (metrics.invocationLatency ?? 0) >= 12);
});

test('Cohere embeddings: 1024 numbers a text, the usage in a header, its limits', async () => {
  const answer = await cohere({ texts: ['red [[sim id=e1 ttft=2]]', 'blue'] });
  const body = JSON.parse(Buffer.from(answer.body).toString()) as {
    embeddings: number[][];
    response_type: string;
    texts: string[];
  };
  assert.deepEqual(
    [body.embeddings.map((vector) => vector.length), body.response_type, body.texts[1]],
    [[1024, 1024], 'embeddings_floats', 'blue'],
  );
  const record = await truthOf(base, 'e1');
  assert.deepEqual([record.billed_prompt_tokens, record.billed_completion_tokens], [record.prompt_tokens, 0]);
  const typed = JSON.parse(
    Buffer.from((await cohere({ texts: ['blue'], embedding_types: ['float'] })).body).toString(),
  ) as { embeddings: { float: number[][] } };
  assert.deepEqual(typed.embeddings.float[0], body.embeddings[1]);
  const raw = await call(new URL(`/model/${COHERE}/invoke`, base).href, {
    input_type: 'search_query',
    texts: ['red blue'],
  });
  // Without the latency the GSAi gateway answered each embedding with 500: it reads the header of that name.
  const { 'x-amzn-bedrock-input-token-count': tokens, 'x-amzn-bedrock-invocation-latency': latency } = raw.headers;
  assert.equal(tokens, '2');
  assert.match(String(latency), /^\d+$/);
  assert.match(String(raw.headers['x-amzn-requestid']), /^[0-9a-f-]{36}$/);

  const refused = (body: object, message: RegExp) =>
    assert.rejects(cohere(body), { name: 'ValidationException', message });
  await refused({ texts: Array<string>(97).fill('a') }, /maximum item count: 96, found: 97/);
  await refused({ texts: ['a', 'b'.repeat(2049)] }, /#\/texts\/1: expected maxLength: 2048, actual: 2049/);
  await refused({ texts: ['a'], input_type: 'x' }, /input_type/);
  await refused({ texts: ['1,'.repeat(600)] }, /too long/);
  await cohere({ texts: ['1,'.repeat(600)], truncate: 'END' });
});

const wrong: [string, () => Promise<unknown>, RegExp][] = [
  ['no messages', () => us.send(new ConverseCommand({ modelId: HAIKU, messages: [] })), /'messages' must be/],
  [
    'an assistant first',
    () => us.send(new ConverseCommand({ modelId: HAIKU, messages: [{ role: 'assistant', content: [{ text: 'x' }] }] })),
    /must start with a user/,
  ],
  ['maxTokens 0', () => us.send(new ConverseCommand({ ...input(''), inferenceConfig: { maxTokens: 0 } })), /maxTokens/],
  ['a malformed directive', () => us.send(new ConverseCommand(input('echo=x'))), /echo is "x"/],
  ['a chat with an embedding model', () => us.send(new ConverseCommand(input('', COHERE))), /not a model for chat/],
  [
    'no max_tokens',
    () => us.send(new InvokeModelCommand(claude('', { max_tokens: undefined }))),
    /max_tokens: Field required/,
  ],
  [
    'no version',
    () => us.send(new InvokeModelCommand(claude('', { anthropic_version: undefined }))),
    /anthropic_version: Field required/,
  ],
  [
    'InvokeModel of Llama',
    () => us.send(new InvokeModelCommand({ ...claude(''), modelId: 'meta.llama3-2-11b-instruct-v1:0' })),
    /Use Converse/,
  ],
  [
    'a stream of embeddings',
    () => us.send(new InvokeModelWithResponseStreamCommand({ modelId: COHERE, body: '{}' })),
    /unsupported for streaming/,
  ],
  [
    'a fault that is none here',
    () => us.send(new ConverseStreamCommand(input('fault=no_done'))),
    /no_done cannot be had here/,
  ],
];
for (const [what, send, message] of wrong) {
  test(`${what} is a ValidationException with a sentence`, () =>
    assert.rejects(send(), { name: 'ValidationException', message }));
}

test('no login: 403 AccessDeniedException; too long, and too many: Bedrock’s own exceptions', async () => {
  const refused = await call(new URL(`/model/${HAIKU}/converse`, base).href, {}, { key: null });
  assert.deepEqual([refused.status, refused.headers['x-amzn-errortype']], [403, 'AccessDeniedException']);
  await configure(base, {
    provider: {
      deployments: {
        'bedrock/us-east-1/*': { context_limit: 5 },
        'bedrock/eu-west-1/*': { quota: { requests_per_minute: 1 } },
      },
    },
  });
  await assert.rejects(us.send(new ConverseCommand(input(''))), {
    name: 'ValidationException',
    message: /^Input is too long for requested model/,
  });
  await eu.send(new ConverseCommand(input('')));
  await assert.rejects(eu.send(new ConverseCommand(input('id=q'))), { name: 'ThrottlingException' });
});

test('one region fails while the other goes on', async () => {
  await configure(base, {
    provider: { deployments: { [`bedrock/us-east-1/${HAIKU}`]: { failure_share: 1, failure: '503' } } },
  });
  const [bad, good] = await Promise.allSettled([
    us.send(new ConverseCommand(input('id=r1'))),
    eu.send(new ConverseCommand(input('id=r2'))),
  ]);
  assert.deepEqual([bad.status, good.status], ['rejected', 'fulfilled']);
  const record = await truthOf(base, 'r1');
  assert.deepEqual(
    [record.error, record.billed_prompt_tokens, record.billed_completion_tokens],
    ['ServiceUnavailableException', 0, 0],
  );
  assert.equal((await truthOf(base, 'r2')).region, 'eu-west-1');
});
