import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { nowNs } from './clock';
import { keepSocket, levelOut } from './connection';
import { isFields, type Fields } from './merge';
import type { Identity } from './tls/authority';
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

/** A server that can be stopped although connections hang. */
export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * What is spoken on a port: HTTP/1.1 alone, that and HTTP/2 by prior knowledge, or both under TLS, by ALPN, with
 * certificates of this authority.
 */
export type Speech = 'http/1.1' | 'h2c' | Identity;

/** Listens; rejects with a sentence when the port cannot be had. */
export async function listen(
  handler: http.RequestListener,
  host: string,
  port: number,
  speech: Speech = 'http/1.1',
): Promise<RunningServer> {
  const server =
    speech === 'http/1.1'
      ? plainServer(handler)
      : speech === 'h2c'
        ? eitherServer(handler)
        : await secureServer(handler, speech);
  const open = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    keepSocket(socket);
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
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
            for (const socket of open) socket.destroy();
          }),
      });
    });
  });
}

/** A client keeps its connections between two phases of a test: 5 s, Node's own, would show as resets. */
const KEEP_ALIVE_MS = 75_000;

function plainServer(handler: http.RequestListener): http.Server {
  const server = http.createServer({ noDelay: true, keepAlive: true }, handler);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = 0;
  return server;
}

/** Node's types keep the objects of HTTP/2 apart from those of HTTP/1.1; `levelOut` makes up for what differs. */
const overHttp2 =
  (handler: http.RequestListener) =>
  (request: http2.Http2ServerRequest | IncomingMessage, response: http2.Http2ServerResponse | ServerResponse) => {
    levelOut(request as IncomingMessage, response as ServerResponse);
    handler(request as IncomingMessage, response as ServerResponse & { req: IncomingMessage });
  };

/** Many streams on a connection, as the providers' own servers allow. A gateway may send all its calls over one. */
const HTTP2 = { settings: { maxConcurrentStreams: 1000 } };

async function secureServer(handler: http.RequestListener, authority: Identity): Promise<net.Server> {
  // Loaded only where it is needed: the library takes its time.
  const { Identities } = await import('./tls/identities');
  const identities = new Identities(authority);
  const server = http2.createSecureServer(
    {
      ...HTTP2,
      ...(await identities.own()),
      SNICallback: identities.forName,
      allowHTTP1: true,
      noDelay: true,
      keepAlive: true,
    },
    overHttp2(handler),
  );
  // Of HTTP/1.1; Node's types do not have it here.
  Object.assign(server, { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 });
  return server;
}

/** Without TLS nothing tells what a client will speak but its first bytes: HTTP/2 begins with `PRI * HTTP/2.0`. */
function eitherServer(handler: http.RequestListener): net.Server {
  const one = plainServer(handler);
  const two = http2.createServer(HTTP2, overHttp2(handler));
  return net.createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const look = (): void => {
      const head = socket.read(3) as Buffer | null;
      if (head === null) {
        if (!socket.readableEnded && !socket.destroyed) socket.once('readable', look);
        return;
      }
      socket.unshift(head);
      (head.toString('latin1') === 'PRI' ? two : one).emit('connection', socket);
    };
    socket.on('error', () => undefined);
    socket.once('readable', look);
  });
}
