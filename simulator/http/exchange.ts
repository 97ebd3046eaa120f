import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { nowNs } from '../time/clock';
import { isFields, type Fields } from '../settings/merge';
import { settle, type TruthRecord } from '../truth/truth';

/** An answer that ends a request at once: a status and a JSON body. Thrown from anywhere in a handler. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    readonly headers: OutgoingHttpHeaders = {},
  ) {
    super(`refused with ${status}`);
  }
}

/** One request on its way through a handler. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly record: TruthRecord;
  /** Of a call that is not JSON over HTTP: how its answer is written, and its body as JSON would have it. */
  readonly encoding?: Encoding;
  readonly fields?: Fields;
}

/** Writes what an API says in JSON in another form. */
export interface Encoding {
  /** The content type. */
  readonly type: string;
  encode(json: string): Buffer;
  /** A whole answer, or an error from 400 on, with its stamps in the truth. */
  send(status: number, body: unknown): void;
  /** What ends next ends well; so it does after `encode`. */
  succeed(): void;
  /** Makes an error of what ends next. */
  fail(body: unknown): void;
}

const BODY_LIMIT = 64 * 1024 * 1024;

/** The client has left; nobody is to be answered any more. */
export class ClientGone extends Error {}

/** The whole body as text. Rejects as readBytes does. */
export async function readBody(request: IncomingMessage): Promise<string> {
  return (await readBytes(request)).toString('utf8');
}

/** The whole body. Rejects with ClientGone when the sender leaves in the middle, and with a 413 beyond 64 MB. */
export function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length > BODY_LIMIT) reject(new Refusal(413, { detail: 'The body is larger than 64 MB.' }));
      else parts.push(part);
    });
    request.once('end', () => resolve(Buffer.concat(parts)));
    request.once('error', () => reject(new ClientGone()));
    request.once('close', () => reject(new ClientGone()));
  });
}

/** Writes a whole answer and stamps it. Does nothing when the client has left. */
export function send(
  exchange: Exchange,
  status: number,
  contentType: string,
  body: string,
  headers: OutgoingHttpHeaders = {},
): void {
  const { response, record } = exchange;
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), ...headers });
  const now = nowNs();
  record.status = status;
  record.first_byte_ns = now;
  settle(record, now);
  response.end(body);
}

/**
 * Answers with JSON, in the encoding of the call where it has one of its own (gRPC), and notes in the truth what was
 * wrong from status 400 on.
 */
export function sendJson(exchange: Exchange, status: number, body: unknown, headers: OutgoingHttpHeaders = {}): void {
  if (status >= 400 && exchange.record.wire !== null) exchange.record.error = errorName(body, headers);
  if (exchange.encoding !== undefined) exchange.encoding.send(status, body);
  else send(exchange, status, 'application/json', typeof body === 'string' ? body : JSON.stringify(body), headers);
}

/**
 * What an API calls an error: Bedrock in a header, Google by `status`, OpenAI by `code` or `type`, OAuth by a name
 * alone.
 */
function errorName(body: unknown, headers: OutgoingHttpHeaders): string | null {
  const whole: unknown = Array.isArray(body) ? body[0] : body;
  const error = isFields(whole) ? whole.error : undefined;
  const names = [
    headers['x-amzn-errortype'],
    error,
    ...(isFields(error) ? [error.status, error.code, error.type] : []),
  ];
  return names.find((name) => typeof name === 'string') ?? null;
}
