import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { Duplex } from 'node:stream';
import type { Server } from 'node:tls';
import { createServer } from 'node:tls';
import type { Identity } from '../tls/authority';

/*
 * The null target behind TLS. What it reads and writes is HTTP/1.1; each request of HTTP/2 looks to it like a connection of
 * its own that brings one request and takes one answer.
 */

/** A server of TLS that hands each connection, and each request of HTTP/2, to `accept`. */
export function secureServer({ cert, key }: Pick<Identity, 'cert' | 'key'>, accept: (socket: Duplex) => void): Server {
  const h2 = createSecureServer({ cert, key, settings: { maxConcurrentStreams: 100_000 } });
  h2.on('stream', (stream: ServerHttp2Stream, headers) => {
    const exchange = new Exchange(stream);
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.once('end', () => {
      const body = Buffer.concat(parts);
      const head = `${headers[':method']} ${headers[':path']} HTTP/1.1\r\nhost: ${headers[':authority']}\r\ncontent-length: ${body.length}\r\n\r\n`;
      exchange.push(Buffer.concat([Buffer.from(head), body]));
    });
    accept(exchange);
  });
  h2.on('sessionError', (_error, session) => session.destroy());
  const server = createServer({ cert, key, ALPNProtocols: ['h2', 'http/1.1'] }, (socket) => {
    socket.setNoDelay(true);
    if (socket.alpnProtocol === 'h2') h2.emit('secureConnection', socket);
    else accept(socket);
  });
  server.on('tlsClientError', () => undefined); // who breaks off a handshake has his reasons
  return server;
}

/** One request of HTTP/2. What is written to it is an answer of HTTP/1.1, in pieces that hold whole lines and chunks. */
class Exchange extends Duplex {
  #chunked = false;
  #headed = false;

  constructor(private readonly stream: ServerHttp2Stream) {
    super();
    stream.on('error', (error) => this.destroy(error));
    stream.once('close', () => this.destroy());
  }

  override _read(): void {
    // What there is to read is pushed when it is whole.
  }

  override _write(data: Buffer, _encoding: BufferEncoding, done: () => void): void {
    done();
    if (this.stream.destroyed) return;
    const body = this.#headed ? data : this.#head(data);
    if (!this.#chunked) {
      this.stream.end(body);
      return;
    }
    const parts: Buffer[] = [];
    let ends = false;
    for (let at = 0; at < body.length; ) {
      const line = body.indexOf('\r\n', at);
      const size = parseInt(body.toString('latin1', at, line), 16);
      if (size === 0) {
        ends = true;
        break;
      }
      parts.push(body.subarray(line + 2, line + 2 + size));
      at = line + 2 + size + 2;
    }
    const content = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    if (ends) this.stream.end(content);
    else this.stream.write(content);
  }

  #head(data: Buffer): Buffer {
    const end = data.indexOf('\r\n\r\n');
    const [status, ...lines] = data.toString('latin1', 0, end).split('\r\n');
    const headers: Record<string, string> = {};
    for (const line of lines) {
      const [name, value] = line.split(': ');
      if (name!.toLowerCase() === 'transfer-encoding') this.#chunked = true;
      else headers[name!.toLowerCase()] = value!;
    }
    this.#headed = true;
    this.stream.respond({ ':status': Number(status!.split(' ')[1]), ...headers });
    return data.subarray(end + 4);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.stream.destroyed) this.stream.close();
    done(error);
  }
}
