import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parse, type Type } from 'protobufjs';
import { nowNs } from '../time/clock';
import type { Encoding, Exchange } from '../http/exchange';
import { isFields, type Fields } from '../settings/merge';
import { settle } from '../truth/truth';
import { googleError } from './vertex-wire';

/* gRPC as Google speaks it: messages in protocol buffers, and errors in the trailers. */

const { root } = parse(readFileSync(path.join(__dirname, 'vertex.proto'), 'utf8'));

/** A message of vertex.proto. */
export const typeOf = (name: string): Type => root.lookupType(name);
const [STATUS, ERROR_INFO] = [typeOf('Status'), typeOf('ErrorInfo')];

/** How the answer of a method becomes its message. */
export interface GrpcMethod {
  readonly response: Type;
  toMessage(body: Fields): Fields;
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

/** Writes what an API says in JSON as gRPC; `method` undefined: of a call that is only refused. */
export class GrpcEncoding implements Encoding {
  readonly type = TYPE;

  constructor(
    private readonly exchange: Exchange,
    private readonly method: GrpcMethod | undefined,
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
    const details = [{ typeUrl: 'type.googleapis.com/google.rpc.ErrorInfo', value: ERROR_INFO.encode(info).finish() }];
    this.#trail(
      'grpc-status-details-bin',
      Buffer.from(STATUS.encode({ code, message, details }).finish()).toString('base64'),
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

/** The one message of a call that is no stream. Throws a 400. */
export function messageOf(body: Buffer): Buffer {
  if (body.length < 5 || body.length !== 5 + body.readUInt32BE(1))
    throw googleError('INVALID_ARGUMENT', 'The call must have one message.');
  if (body[0] !== 0) throw googleError('UNIMPLEMENTED', 'Compressed messages are not read by this simulator.');
  return body.subarray(5);
}
