import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { FAULTS, type FaultName } from '../faults/faults';
import { startSimulator, type Simulator } from '../start';
import { call, configure, resetConfig, truthOf } from '../client.fixture';
import { keepAuthority } from '../tls/authority';
import { serviceAccount } from './google-login';
import { predictionClient, type GrpcAnswer, type GrpcError, type PredictionClient } from './prediction-client.fixture';

/* Vertex AI over gRPC as Google's own client sees it, over TLS, with a made-up service account, whose tokens it signs itself. (By name: tls/tls.test.ts.) */
let simulator: Simulator;
let base: string;
let folder: string;
let client: PredictionClient;
let beta: PredictionClient;

before(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'simulator-grpc-'));
  const { authority, file } = await keepAuthority(folder);
  process.env.GRPC_DEFAULT_SSL_ROOTS_FILE_PATH = file;
  simulator = await startSimulator({ only: 'provider', tls: { authority } });
  base = simulator.providerUrl ?? '';
  const options = {
    apiEndpoint: 'localhost',
    port: Number(new URL(simulator.tlsUrl ?? '').port),
    credentials: serviceAccount('https://oauth2.googleapis.com/token'),
  };
  client = predictionClient(options);
  beta = predictionClient(options, 'v1beta1');
});
beforeEach(() => resetConfig(base));
after(async () => {
  await client.close();
  await beta.close();
  await simulator.close();
  fs.rmSync(folder, { recursive: true });
});

const GEMINI = 'gemini-2.0-flash';
const QUICK = 'ttft=2 rate=500 jitter=0 chunk=1 tokens=6 after=2 delay=60';
const nameOf = (model: string, location = 'us-central1') =>
  `projects/simulator/locations/${location}/publishers/google/models/${model}`;
const ask = (directive: string, location?: string, model = GEMINI) => ({
  model: nameOf(model, location),
  contents: [{ role: 'user', parts: [{ text: `Hello. [[sim ${QUICK} ${directive}]]` }] }],
});
const textOf = ({ candidates }: GrpcAnswer) => candidates[0]?.content?.parts.map(({ text }) => text).join('') ?? '';
const words = (text: string) =>
  text
    .trim()
    .split(' ')
    .filter((word) => word !== '').length;
const fails =
  (code: number, text: string | RegExp = '') =>
  (error: unknown) =>
    (error as GrpcError).code === code && (error as GrpcError).details.search(text) >= 0;

/** By itself the client asks up to three times, seconds apart, where there was no answer or UNAVAILABLE. */
const ONCE = { retryRequestOptions: { retries: 0, noResponseRetries: 0 } };

interface Streamed {
  readonly pieces: GrpcAnswer[];
  readonly text: string;
  readonly error: GrpcError | null;
}

async function stream(directive: string): Promise<Streamed> {
  const pieces: GrpcAnswer[] = [];
  let error: GrpcError | null = null;
  try {
    for await (const piece of client.streamGenerateContent(ask(directive), ONCE)) pieces.push(piece);
  } catch (thrown) {
    error = thrown as GrpcError;
  }
  return { pieces, text: pieces.map(textOf).join(''), error };
}

test('GenerateContent: answer, finish reason, usage; the truth knows wire, region and bill', async () => {
  const [answer] = await client.generateContent({
    ...ask('id=g1', 'europe-west4'),
    systemInstruction: { parts: [{ text: 'Be short.' }] },
  });
  assert.deepEqual(
    [words(textOf(answer)), answer.candidates[0]?.finishReason, answer.modelVersion],
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
    assert.deepEqual([pieces.length, words(pieces.map(textOf).join(''))], [7, 6]);
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

/** What a stream comes to in Google's client under each fault that ends by itself. */
const status =
  (code: number) =>
  ({ error, text }: Streamed) =>
    assert.deepEqual([error?.code, text], [code, ''], String(error));
const broken =
  (code: number) =>
  ({ error, text }: Streamed) =>
    assert.deepEqual([error?.code, words(text)], [code, 2], String(error));
const whole = ({ error, text, pieces }: Streamed) =>
  assert.deepEqual([error, words(text), pieces.at(-1)?.candidates[0]?.finishReason], [null, 6, 'STOP']);
const faults: Partial<Record<FaultName, (seen: Streamed) => void>> = {
  refuse: status(14),
  '429': status(8),
  '500': status(13),
  '503': status(14),
  html: ({ error, text }) => assert.deepEqual([error !== null, text], [true, '']),
  empty: ({ error, pieces }) => assert.deepEqual([error, pieces], [null, []]),
  error_event: broken(13),
  cut: broken(13),
  reset: ({ error, text }) => assert.deepEqual([error !== null, words(text)], [true, 2]),
  no_finish: ({ error, text, pieces }) =>
    assert.deepEqual(
      [error, words(text), pieces.at(-1)?.candidates[0]?.finishReason],
      [null, 6, 'FINISH_REASON_UNSPECIFIED'],
    ),
  no_usage: ({ error, text, pieces }) =>
    assert.deepEqual([error, words(text), pieces.at(-1)?.usageMetadata], [null, 6, null]),
  coalesced: whole,
  byte_at_a_time: whole,
  slow_first_byte: whole,
};
for (const fault of FAULTS) {
  const check = faults[fault];
  if (check === undefined) continue;
  test(`fault ${fault} on StreamGenerateContent`, async () => {
    check(await stream(`fault=${fault} id=f-${fault}`));
    const record = await truthOf(base, `f-${fault}`);
    assert.deepEqual([record.fault, record.outcome], [fault, 'fault']);
  });
}

test('faults of a call without a stream: its status, or an answer that breaks off', async () => {
  await assert.rejects(client.generateContent(ask('fault=503')), fails(14));
  await assert.rejects(client.generateContent(ask('fault=error_event')), fails(13));
  await assert.rejects(client.generateContent(ask('fault=cut')), fails(13));
  assert.equal(words(textOf((await client.generateContent(ask('fault=byte_at_a_time')))[0])), 6);
});

for (const fault of ['hang_before', 'hang_mid'] as const) {
  test(`${fault}: silence, until the client’s deadline`, async () => {
    const seen = (async () => {
      for await (const piece of client.streamGenerateContent(ask(`fault=${fault} id=${fault}`), {
        ...ONCE,
        timeout: 300,
      }))
        assert.equal(piece.usageMetadata, null);
    })();
    await assert.rejects(seen, fails(4));
    const record = await truthOf(base, fault, ({ client_gone_ns: left }) => left !== null);
    assert.deepEqual([record.end_ns, record.billed_completion_tokens], [null, fault === 'hang_mid' ? 2 : 0]);
  });
}

test('gRPC over HTTP/1.1 is refused with a sentence', async () => {
  const seen = await call(new URL('/google.cloud.aiplatform.v1.PredictionService/Predict', base).href, '');
  assert.deepEqual([seen.status, /gRPC needs HTTP\/2/.test(seen.body)], [400, true]);
});
