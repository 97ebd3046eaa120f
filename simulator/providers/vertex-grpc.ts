import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parse, type Type } from 'protobufjs';
import { nowNs } from '../time/clock';
import { streamOf } from '../http/connection';
import { readBytes, Refusal, sendJson, type Encoding, type Exchange } from '../http/exchange';
import { isFields, type Fields } from '../settings/merge';
import { settle } from '../truth/truth';
import type { Provider } from './answer';
import { vertex } from './vertex';
import { googleError } from './vertex-wire';

/*
 * Vertex AI over gRPC: the same calls as over REST, in protocol buffers. A request is turned into REST's, and its
 * answer back, so that both have one source; only the writing of it is here.
 */

export const GRPC_PATHS = /^\/google\.cloud\.aiplatform\.v1(?:beta1)?\.PredictionService\//;

const { root } = parse(readFileSync(path.join(__dirname, 'vertex.proto'), 'utf8'));
const typeOf = (name: string): Type => root.lookupType(name);
const GENERATE = { request: typeOf('GenerateContentRequest'), response: typeOf('GenerateContentResponse') };

interface Method {
  readonly request: Type;
  readonly response: Type;
  readonly verb: string;
  /** The field that has the name of the model. */
  readonly name: string;
  /** Between the message and the JSON of REST. */
  fromMessage(message: Fields): Fields;
  toMessage(body: Fields): Fields;
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

/** The codes of gRPC for the names that Google's errors have. */
const CODES: Readonly<Record<string, number>> = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
};

/** One message on the wire: not compressed, its length, itself. */
function frame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

const TYPE = 'application/grpc';

class GrpcEncoding implements Encoding {
  readonly type = TYPE;

  constructor(
    private readonly exchange: Exchange,
    private readonly method: Method | undefined,
  ) {}

  succeed(): void {
    this.#trail('grpc-status', '0');
  }

  encode(json: string): Buffer {
    if (this.method === undefined) return Buffer.alloc(0);
    this.succeed();
    const { response, toMessage } = this.method;
    return frame(response.encode(response.fromObject(toMessage(JSON.parse(json) as Fields))).finish());
  }

  /** The status of a call that fails, in the trailers: code, sentence, and for a quota why, as google.rpc.ErrorInfo. */
  fail(body: unknown): void {
    const whole: unknown = Array.isArray(body) ? body[0] : body;
    const error = isFields(whole) && isFields(whole.error) ? whole.error : {};
    const code = CODES[String(error.status)] ?? 2;
    const message = String(error.message ?? 'The simulator failed.');
    this.#trail('grpc-status', String(code));
    this.#trail('grpc-message', encodeURIComponent(message));
    if (code !== CODES.RESOURCE_EXHAUSTED) return;
    const info = {
      reason: 'RATE_LIMIT_EXCEEDED',
      domain: 'googleapis.com',
      metadata: { service: 'aiplatform.googleapis.com' },
    };
    const details = [
      { typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: typeOf('ErrorInfo').encode(info).finish() },
    ];
    this.#trail(
      'grpc-status-details-bin',
      Buffer.from(typeOf('Status').encode({ code, message, details }).finish()).toString('base64'),
    );
  }

  send(status: number, body: unknown): void {
    const { response, record } = this.exchange;
    if (response.destroyed || response.headersSent) return;
    const message = status < 400 ? this.encode(typeof body === 'string' ? body : JSON.stringify(body)) : null;
    if (message === null) this.fail(body);
    response.writeHead(200, { 'content-type': TYPE });
    const now = nowNs();
    record.status = status;
    record.first_byte_ns = now;
    settle(record, now);
    if (message === null) response.end();
    else response.end(message);
  }

  #trail(name: string, value: string): void {
    // Of Node's HTTP/2 objects; its types lack it.
    (this.exchange.response as unknown as { setTrailer(name: string, value: string): void }).setTrailer(name, value);
  }
}

/** Answers one call. The truth's `status` is what REST would have had. */
export async function vertexGrpc(exchange: Exchange, given: string, provider: Provider): Promise<void> {
  if (streamOf(exchange.response) === undefined) throw googleError('INVALID_ARGUMENT', 'gRPC needs HTTP/2.');
  const name = given.slice(given.lastIndexOf('/') + 1);
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined;
  const encoding = new GrpcEncoding(exchange, method);
  try {
    if (method === undefined)
      throw googleError(
        'UNIMPLEMENTED',
        `${name} is not a method of this simulator: ${Object.keys(METHODS).join(', ')}.`,
      );
    const message = method.request.toObject(
      method.request.decode(messageOf(await readBytes(exchange.request))),
    ) as Fields;
    const fields = method.fromMessage(message);
    await vertex(
      { ...exchange, encoding, fields },
      `/v1/${String(message[method.name] ?? '')}:${method.verb}`,
      provider,
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    sendJson({ ...exchange, encoding }, error.status, error.body);
  }
}

function messageOf(body: Buffer): Buffer {
  if (body.length < 5 || body.length !== 5 + body.readUInt32BE(1))
    throw googleError('INVALID_ARGUMENT', 'The call must have one message.');
  if (body[0] !== 0) throw googleError('UNIMPLEMENTED', 'Compressed messages are not read by this simulator.');
  return body.subarray(5);
}
