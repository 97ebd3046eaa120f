import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { constants, type Http2ServerResponse, type ServerHttp2Stream } from 'node:http2';
import type { Socket } from 'node:net';

/*
 * What differs between HTTP/1.1 and HTTP/2 under the same handlers. Node's compatibility objects of HTTP/2 take the
 * place of IncomingMessage and ServerResponse; here is what they do not have, or have otherwise.
 */

/** The stream of a call over HTTP/2; undefined over HTTP/1.1. */
export function streamOf(response: ServerResponse): ServerHttp2Stream | undefined {
  return (response as unknown as Partial<Http2ServerResponse>).stream;
}

/** Gives a call over HTTP/2 what handlers look at. To be called first thing. */
export function likeHttp1(request: IncomingMessage, response: ServerResponse): void {
  const stream = streamOf(response);
  if (stream === undefined) return;
  request.headers.host ??= request.headers[':authority'] as string | undefined;
  Object.defineProperty(response, 'destroyed', { get: () => stream.destroyed || stream.closed });
  // A stream that is reset tells it as an error of the request, which would end the process where nobody listens.
  request.on('error', () => undefined);
}

/** The header of a body of unknown length, which HTTP/2 has no use for. */
export function chunked(response: ServerResponse): OutgoingHttpHeaders {
  return streamOf(response) === undefined ? { 'transfer-encoding': 'chunked' } : {};
}

const sockets = new Map<string, Socket>();

const nameOf = ({ localPort, remoteAddress, remotePort }: Socket): string =>
  `${localPort} ${remoteAddress} ${remotePort}`;

/**
 * Notes a TCP connection for as long as it lasts: under TLS and HTTP/2 nothing else leads from a call to it, and only
 * it can be reset.
 */
export function keepSocket(socket: Socket): void {
  const name = nameOf(socket);
  sockets.set(name, socket);
  socket.once('close', () => sockets.delete(name));
}

/**
 * Breaks a call off. `refuse`: before any byte of an answer; `cut`: in the middle, in order (FIN); `reset`: RST. Over
 * HTTP/2 `refuse` and `cut` end the one stream (RST_STREAM, REFUSED_STREAM or INTERNAL_ERROR), and `reset` the TCP
 * connection with all its calls.
 */
export function breakOff(response: ServerResponse, how: 'refuse' | 'cut' | 'reset'): void {
  const stream = streamOf(response);
  if (stream !== undefined && how !== 'reset')
    stream.close(how === 'refuse' ? constants.NGHTTP2_REFUSED_STREAM : constants.NGHTTP2_INTERNAL_ERROR);
  else if (stream?.destroyed || response.socket === null) return;
  else if (how === 'cut') response.socket.destroy();
  else
    sockets.get(nameOf(stream === undefined ? response.socket : (stream.session?.socket as Socket)))?.resetAndDestroy();
}
