import type { Type } from 'protobufjs';
import { streamOf } from '../http/connection';
import { readBytes, Refusal, sendJson, type Exchange } from '../http/exchange';
import { isFields, type Fields } from '../settings/merge';
import type { Provider } from './answer';
import { GrpcEncoding, messageOf, typeOf, type GrpcMethod } from './grpc';
import { publisherModel, vertex } from './vertex';
import { googleError } from './vertex-wire';

/*
 * Vertex AI over gRPC: the same calls as over REST, in protocol buffers. A request is turned into REST's, and its
 * answer back, so that both have one source; only the writing of it is here.
 */

/** Every service of Vertex AI, of which only two have methods here. */
export const VERTEX_GRPC_PATHS = /^\/google\.cloud\.aiplatform\.v1(?:beta1)?\./;

const GENERATE = { request: typeOf('GenerateContentRequest'), response: typeOf('GenerateContentResponse') };

interface Method extends GrpcMethod {
  readonly request: Type;
  readonly verb: string;
  /** The field that has the name of the model. */
  readonly name: string;
  /** Between the message and the JSON of REST. */
  fromMessage(message: Fields): Fields;
}

const METHODS: Readonly<Record<string, Method>> = {
  GenerateContent: {
    ...GENERATE,
    verb: 'generateContent',
    name: 'model',
    fromMessage: (message) => message,
    toMessage: timed,
  },
  StreamGenerateContent: {
    ...GENERATE,
    verb: 'streamGenerateContent',
    name: 'model',
    fromMessage: (message) => message,
    toMessage: timed,
  },
  Predict: {
    request: typeOf('PredictRequest'),
    response: typeOf('PredictResponse'),
    verb: 'predict',
    name: 'endpoint',
    fromMessage: ({ instances, parameters }) => ({
      instances: ((instances ?? []) as Fields[]).map(fromValue),
      parameters: fromValue(parameters),
    }),
    toMessage: ({ predictions, metadata }) => ({
      predictions: (predictions as unknown[]).map(toValue),
      metadata: toValue(metadata),
    }),
  },
};

function timed({ createTime, ...rest }: Fields): Fields {
  const ms = Date.parse(String(createTime));
  return { ...rest, createTime: { seconds: Math.floor(ms / 1000), nanos: (ms % 1000) * 1e6 } };
}

/** google.protobuf.Value is JSON in protocol buffers. */
function fromValue(value: unknown): unknown {
  if (!isFields(value)) return undefined;
  if (isFields(value.structValue))
    return Object.fromEntries(
      Object.entries((value.structValue.fields ?? {}) as Fields).map(([key, inner]) => [key, fromValue(inner)]),
    );
  if (isFields(value.listValue)) return ((value.listValue.values ?? []) as unknown[]).map(fromValue);
  return value.stringValue ?? value.numberValue ?? value.boolValue ?? null;
}

function toValue(json: unknown): Fields {
  if (typeof json === 'number') return { numberValue: json };
  if (typeof json === 'string') return { stringValue: json };
  if (typeof json === 'boolean') return { boolValue: json };
  if (Array.isArray(json)) return { listValue: { values: json.map(toValue) } };
  if (isFields(json))
    return {
      structValue: { fields: Object.fromEntries(Object.entries(json).map(([key, inner]) => [key, toValue(inner)])) },
    };
  return { nullValue: 0 };
}

const PUBLISHER_MODEL = { request: typeOf('GetPublisherModelRequest'), response: typeOf('PublisherModel') };

/**
 * `PredictionService`'s methods, and `ModelGardenService/GetPublisherModel`, which Google's SDK for Python asks before
 * it embeds. The truth's `status` is what REST would have had.
 */
export async function vertexGrpc(exchange: Exchange, given: string, provider: Provider): Promise<void> {
  const [service = '', name = ''] = given.split('/').slice(-2);
  const ofModelGarden = service.endsWith('.ModelGardenService') && name === 'GetPublisherModel';
  const known = service.endsWith('.PredictionService') && Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  const method = ofModelGarden ? { ...PUBLISHER_MODEL, toMessage: (body: Fields) => body } : known;
  await answered(exchange, method, async (encoding) => {
    if (method === undefined)
      throw googleError(
        'UNIMPLEMENTED',
        `${given} is not a method of this simulator: PredictionService has ${Object.keys(METHODS).join(', ')}, ModelGardenService GetPublisherModel.`,
      );
    const message = method.request.toObject(
      method.request.decode(messageOf(await readBytes(exchange.request))),
    ) as Fields;
    const call = { ...exchange, encoding };
    if (known === undefined) return publisherModel(call, String(message.name ?? ''), provider);
    return vertex(
      { ...call, fields: known.fromMessage(message) },
      `/v1/${String(message[known.name] ?? '')}:${known.verb}`,
      provider,
    );
  });
}

/** Refuses a call of gRPC that belongs to no API here, as a server does that has no such service. */
export async function unknownGrpc(exchange: Exchange, given: string): Promise<void> {
  await answered(exchange, undefined, () =>
    Promise.reject(googleError('UNIMPLEMENTED', `${given} is not a method of this simulator.`)),
  );
}

/** Answers a call; what it is refused with becomes gRPC's status. */
async function answered(
  exchange: Exchange,
  method: GrpcMethod | undefined,
  answer: (encoding: GrpcEncoding) => Promise<void>,
): Promise<void> {
  if (streamOf(exchange.response) === undefined) throw googleError('INVALID_ARGUMENT', 'gRPC needs HTTP/2.');
  const encoding = new GrpcEncoding(exchange, method);
  try {
    await answer(encoding);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    sendJson({ ...exchange, encoding }, error.status, error.body);
  }
}
