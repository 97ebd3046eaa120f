import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { keepSocket, likeHttp1 } from './connection';
import type { Identity } from '../tls/authority';

/** A server that can be stopped although connections hang. */
export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * What is spoken on a port: HTTP/1.1 alone, that and HTTP/2 by prior knowledge, or both under TLS, by ALPN, with
 * certificates of this authority.
 */
export type Protocols = 'http/1.1' | 'h2c' | Identity;

/** Listens; rejects with a sentence when the port cannot be had. */
export async function listen(
  handler: http.RequestListener,
  host: string,
  port: number,
  protocols: Protocols = 'http/1.1',
): Promise<RunningServer> {
  const server =
    protocols === 'http/1.1'
      ? plainServer(handler)
      : protocols === 'h2c'
        ? eitherServer(handler)
        : await secureServer(handler, protocols);
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

/** Node's types keep the objects of HTTP/2 apart from those of HTTP/1.1; `likeHttp1` makes up for what differs. */
const overHttp2 =
  (handler: http.RequestListener) =>
  (request: http2.Http2ServerRequest | IncomingMessage, response: http2.Http2ServerResponse | ServerResponse) => {
    likeHttp1(request as IncomingMessage, response as ServerResponse);
    handler(request as IncomingMessage, response as ServerResponse & { req: IncomingMessage });
  };

/** Many streams on a connection, as the providers' own servers allow. A gateway may send all its calls over one. */
const HTTP2 = { settings: { maxConcurrentStreams: 1000 } };

async function secureServer(handler: http.RequestListener, authority: Identity): Promise<net.Server> {
  // Loaded only where it is needed: the library takes its time.
  const { Identities } = await import('../tls/identities');
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
