import assert from 'node:assert/strict';
import * as http2 from 'node:http2';
import { after, before, beforeEach, test } from 'node:test';
import { admin, call, configure, resetConfig, truthOf, type TruthAnswer } from '../client.fixture';
import { startSimulator, type Simulator } from '../start';
import { typeOf } from './grpc';

/* Calls of gRPC as they are on the wire, without a client of Google's. */
let simulator: Simulator;
let base: string;
let session: http2.ClientHttp2Session;
before(async () => {
  simulator = await startSimulator({ only: 'provider' });
  base = simulator.providerUrl ?? '';
  session = http2.connect(new URL(base).origin);
});
beforeEach(() => resetConfig(base));
after(async () => {
  session.destroy();
  await simulator.close();
});

interface Answer {
  readonly status: number;
  readonly message: string;
  /** The messages of the answer. */
  readonly bodies: Buffer[];
}

function ask(path: string, message: Uint8Array = new Uint8Array()): Promise<Answer> {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  const stream = session.request({
    ':method': 'POST',
    ':path': path,
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization: 'Bearer any',
  });
  const parts: Buffer[] = [];
  let trailers: http2.IncomingHttpHeaders = {};
  stream.on('data', (part: Buffer) => parts.push(part));
  stream.on('trailers', (given: http2.IncomingHttpHeaders) => {
    trailers = given;
  });
  stream.end(Buffer.concat([head, message]));
  return new Promise((resolve, reject) => {
    stream.once('error', reject);
    stream.once('close', () => {
      const bodies: Buffer[] = [];
      for (let rest = Buffer.concat(parts); rest.length >= 5; ) {
        const end = 5 + rest.readUInt32BE(1);
        bodies.push(rest.subarray(5, end));
        rest = rest.subarray(end);
      }
      resolve({
        status: Number(trailers['grpc-status']),
        message: decodeURIComponent(String(trailers['grpc-message'] ?? '')),
        bodies,
      });
    });
  });
}

const lastOf = async () => (await admin<TruthAnswer>(base, '/truth')).requests.at(-1);

test('an unknown path of gRPC was filed under OpenAI and got its 404: it is UNIMPLEMENTED, and of no wire', async () => {
  const other = await ask('/grpc.health.v1.Health/Check');
  assert.deepEqual(
    [other.status, other.message, other.bodies],
    [12, '/grpc.health.v1.Health/Check is not a method of this simulator.', []],
  );
  assert.deepEqual([(await lastOf())?.wire, (await lastOf())?.status], [null, 501]);

  for (const path of [
    'EndpointService/GetEndpoint',
    'ModelGardenService/ListPublisherModels',
    'PredictionService/Explain',
  ])
    assert.equal((await ask(`/google.cloud.aiplatform.v1.${path}`)).status, 12, path);
  assert.equal((await lastOf())?.wire, 'vertex');
  // What is no gRPC is still OpenAI's to refuse.
  assert.equal((await call(new URL('/grpc.health.v1.Health/Check', base).href, {})).status, 404);
  assert.equal((await lastOf())?.wire, 'openai');
});

test("GetPublisherModel, which Google's SDK for Python asks before it embeds", async () => {
  const [request, response] = [typeOf('GetPublisherModelRequest'), typeOf('PublisherModel')];
  const get = (name: string, version = 'v1') =>
    ask(
      `/google.cloud.aiplatform.${version}.ModelGardenService/GetPublisherModel`,
      request.encode(request.fromObject({ name })).finish(),
    );
  for (const version of ['v1', 'v1beta1']) {
    const { status, bodies } = await get('publishers/google/models/text-embedding-005', version);
    assert.equal(status, 0);
    assert.deepEqual(response.toObject(response.decode(bodies[0]!)), {
      name: 'publishers/google/models/text-embedding-005',
      versionId: 'default',
      publisherModelTemplate:
        'projects/{user-project}/locations/{location}/publishers/google/models/text-embedding-005',
      predictSchemata: {
        instanceSchemaUri: 'gs://google-cloud-aiplatform/schema/predict/instance/text_embedding_1.0.0.yaml',
      },
    });
  }
  const record = await lastOf();
  assert.deepEqual(
    [record?.wire, record?.model, record?.billed_prompt_tokens, record?.outcome],
    ['vertex', 'text-embedding-005', 0, 'ok'],
  );
  assert.equal((await get('publishers/google/models/nobody')).status, 5);
  assert.match((await get('text-embedding-005')).message, /must be publishers\/google\/models\/<id>/);
});

test('usage_in_each_chunk: every piece tells the usage so far, over gRPC, REST and as OpenAI; else only the last', async () => {
  const [request, response] = [typeOf('GenerateContentRequest'), typeOf('GenerateContentResponse')];
  const model = 'projects/p/locations/us-central1/publishers/google/models/gemini-2.0-flash';
  const text = (id: string) => `Hello. [[sim id=${id} ttft=2 rate=500 jitter=0 chunk=2 tokens=5]]`;
  const contents = (id: string) => [{ role: 'user', parts: [{ text: text(id) }] }];
  const overGrpc = async (id: string) => {
    const { bodies } = await ask(
      '/google.cloud.aiplatform.v1.PredictionService/StreamGenerateContent',
      request.encode(request.fromObject({ model, contents: contents(id) })).finish(),
    );
    return bodies.map((body) => {
      const { usageMetadata } = response.toObject(response.decode(body)) as {
        usageMetadata?: { candidatesTokenCount: number };
      };
      return usageMetadata?.candidatesTokenCount ?? null;
    });
  };
  const bearer = { headers: { authorization: 'Bearer any' } };
  const overRest = async (id: string) => {
    const seen = await call(
      new URL(`/v1/${model}:streamGenerateContent?alt=sse`, base).href,
      { contents: contents(id) },
      bearer,
    );
    return seen.data.map((line) => Number(/"candidatesTokenCount":(\d+)/.exec(line)?.[1] ?? NaN));
  };
  const asOpenAi = async (id: string) => {
    const seen = await call(`${base}/chat/completions`, {
      model: 'gemini-2.0-flash',
      messages: [{ role: 'user', content: text(id) }],
      stream: true,
      stream_options: { include_usage: true },
    });
    return seen.data.flatMap((line) =>
      [...line.matchAll(/"completion_tokens":(\d+)/g)].map((found) => Number(found[1])),
    );
  };
  assert.deepEqual(await overGrpc('g1'), [null, null, null, 5]);
  assert.deepEqual(await overRest('r1'), [NaN, NaN, NaN, 5]);
  assert.deepEqual(await asOpenAi('o1'), [5]);
  await configure(base, { provider: { models: { '*': { usage_in_each_chunk: true } } } });
  for (const counts of [await overGrpc('g2'), await overRest('r2'), await asOpenAi('o2')])
    assert.deepEqual(counts, [1, 3, 5, 5]);
  assert.equal((await truthOf(base, 'g2')).completion_tokens, 5);
});
