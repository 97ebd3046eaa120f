import type { Duplex } from 'node:stream';
import type { Book } from './truth';
import type { StreamBytes } from './wire';

/** One connection. It serves one request at a time; what came in behind it waits in `input`. */
export interface Connection {
  /** TCP's or TLS's; of HTTP/2 each request has one of its own (Exchange in secure.ts). */
  readonly socket: Duplex;
  readonly fd: number | undefined;
  input: Buffer | null;
  stream: Stream | null;
}

export interface Stream {
  readonly connection: Connection;
  readonly bytes: StreamBytes;
  readonly events: number;
  /** Place in the book, -1 when it was full. */
  readonly slot: number;
  readonly book: Book;
  sent: number;
  due: number;
}
