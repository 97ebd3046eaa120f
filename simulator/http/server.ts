import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { cannotListen, type ListenOptions } from './bind';
import { keepSocket, likeHttp1 } from './connection';
import type { Identity } from '../tls/authority';

/** A server that can be stopped although connections hang. */
export interface RunningServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A server that can end in order. */
export interface DrainingServer extends RunningServer {
  /** Takes no new connections, and is done when what is under way has ended, or after 20 s. */
  drain(): Promise<void>;
}

/**
 * What is spoken on a port: HTTP/1.1 alone, that and HTTP/2 by prior knowledge, or both under TLS, by ALPN, with
 * certificates of this authority.
 */
export type Protocols = 'http/1.1' | 'h2c' | Identity;

/** A server that also serves connections which another one took. */
export interface Listener extends DrainingServer {
  adopt(socket: net.Socket): void;
}

/** Where the tunnels lead that a client asks for as of a proxy; null: nowhere. */
export type Tunnels = () => Listener | null;

/**
 * Listens; rejects with a sentence when the port cannot be had, which names the options that the user has. With `tunnels`
 * the server is a proxy too.
 */
export async function listen(
  handler: http.RequestListener,
  host: string,
  port: number,
  protocols: Protocols = 'http/1.1',
  { tunnels, options }: { tunnels?: Tunnels; options?: ListenOptions } = {},
): Promise<Listener> {
  const server =
    protocols === 'http/1.1'
      ? plainServer(handler, tunnels)
      : protocols === 'h2c'
        ? eitherServer(handler, tunnels)
        : await secureServer(handler, protocols);
  const open = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => {
    keepSocket(socket);
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(new Error(cannotListen(error, host, port, options))));
    server.listen({ host, port, backlog: 4096 }, () => {
      const address = server.address();
      resolve({
        port: typeof address === 'object' && address !== null ? address.port : port,
        adopt: (socket) => void server.emit('connection', socket),
        drain: () => drained(server, open),
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            for (const socket of open) socket.destroy();
          }),
      });
    });
  });
}

/** A server that was asked nothing for so long closes the connections that clients keep, ms. */
const QUIET_MS = 300;
/** The longest that a server waits for what is under way, ms. */
const DRAIN_MS = 20_000;

async function drained(server: net.Server, open: ReadonlySet<net.Socket>): Promise<void> {
  const until = Date.now() + DRAIN_MS;
  let asked = Date.now();
  // A kept connection serves one request more, whose answer says that the connection ends with it.
  server.prependListener('request', (_: IncomingMessage, response: ServerResponse) => {
    asked = Date.now();
    response.setHeader('connection', 'close');
  });
  // close() of an HTTP server would also end kept connections at once, and a request that is on its way would be lost.
  net.Server.prototype.close.call(server);
  while (open.size > 0 && Date.now() < until) {
    // Nobody asks over what is left of them any more.
    if (Date.now() - asked > QUIET_MS && server instanceof http.Server) server.closeIdleConnections();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A client keeps its connections between two phases of a test: 5 s, Node's own, would show as resets. */
const KEEP_ALIVE_MS = 75_000;

function plainServer(handler: http.RequestListener, tunnels?: Tunnels): http.Server {
  const server = http.createServer({ noDelay: true, keepAlive: true }, handler);
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.requestTimeout = 0;
  if (tunnels !== undefined) server.on('connect', tunnelTo(tunnels));
  return server;
}

/**
 * CONNECT: whatever name the client wants, its connection is served here, under TLS. So a program that takes a proxy
 * from its environment (HTTPS_PROXY) is led here without a change of names on its machine. It is no proxy to anywhere
 * else.
 */
const tunnelTo =
  (tunnels: Tunnels) =>
  (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const secure = tunnels();
    socket.on('error', () => undefined);
    const why =
      secure === null
        ? 'This proxy leads to the simulator under TLS, which needs --tls <folder>.'
        : /:443$/.test(request.url ?? '')
          ? null
          : `This proxy leads to the simulator, which stands for port 443 of any name, and not for ${request.url}.`;
    if (secure === null || why !== null) {
      const length = Buffer.byteLength(why ?? '');
      socket.end(
        `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${why}`,
      );
      return;
    }
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    secure.adopt(socket as net.Socket);
  };

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
function eitherServer(handler: http.RequestListener, tunnels?: Tunnels): net.Server {
  const one = plainServer(handler, tunnels);
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
