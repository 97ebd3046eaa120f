import * as http from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { nowNs } from './clock';
import { isFields } from './merge';
import { settle, type TruthRecord } from './truth';

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
}

const BODY_LIMIT = 64 * 1024 * 1024;

/** The client has left; nobody is to be answered any more. */
export class ClientGone extends Error {}

/** The whole body as text. Rejects with ClientGone when the sender leaves in the middle, and with a 413 beyond 64 MB. */
export function readBody(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    request.on('data', (part: Buffer) => {
      length += part.length;
      if (length > BODY_LIMIT) reject(new Refusal(413, { detail: 'The body is larger than 64 MB.' }));
      else parts.push(part);
    });
    request.once('end', () => resolve(Buffer.concat(parts).toString('utf8')));
    request.once('error', () => reject(new ClientGone()));
    request.once('close', () => reject(new ClientGone()));
  });
}

/** Writes a whole answer and stamps it. Does nothing when the client has left. */
export function send(exchange: Exchange, status: number, contentType: string, body: string, headers: OutgoingHttpHeaders = {}): void {
  const { response, record } = exchange;
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, { 'content-type': contentType, 'content-length': Buffer.byteLength(body), ...headers });
  const now = nowNs();
  record.status = status;
  record.first_byte_ns = now;
  settle(record, now);
  response.end(body);
}

export function sendJson(exchange: Exchange, status: number, body: unknown, headers: OutgoingHttpHeaders = {}): void {
  if (status >= 400 && exchange.record.wire !== null) exchange.record.error = errorName(body, headers);
  send(exchange, status, 'application/json', typeof body === 'string' ? body : JSON.stringify(body), headers);
}

/** What an API calls an error: Bedrock in a header, Google by `status`, OpenAI by `code` or `type`, OAuth by a name alone. */
function errorName(body: unknown, headers: OutgoingHttpHeaders): string | null {
  const whole: unknown = Array.isArray(body) ? body[0] : body;
  const error = isFields(whole) ? whole.error : undefined;
  const names = [headers['x-amzn-errortype'], error, ...(isFields(error) ? [error.status, error.code, error.type] : [])];
  return names.find((name) => typeof name === 'string') ?? null;
}

/** A server that can be stopped although connections hang. */
export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Listens; rejects with a sentence when the port cannot be had. */
export function listen(handler: http.RequestListener, host: string, port: number): Promise<RunningServer> {
  const server = http.createServer({ noDelay: true, keepAlive: true }, handler);
  // A client keeps its connections between two phases of a test: 5 s, Node's own, would show as resets.
  server.keepAliveTimeout = 75_000;
  server.requestTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? 'the port is already in use' : error.message;
      reject(new Error(`Cannot listen on ${host}:${port}: ${why}.`));
    });
    server.listen({ host, port, backlog: 4096 }, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}
