import type { Duplex } from 'node:stream';

/**
 * Sends bytes one by one, each a write of its own in a turn of its own of the event loop. In one turn the kernel would
 * mostly hand them over together, and the client would never see a character or a line break in two pieces.
 */
export class ByteByByte {
  #left: Buffer = Buffer.alloc(0);
  #running = false;
  #whenDone: (() => void) | null = null;

  constructor(private readonly socket: Duplex) {}

  push(data: string | Buffer): void {
    this.#left = Buffer.concat([this.#left, Buffer.from(data as string)]);
    if (!this.#running) this.#next();
  }

  /** Runs `done` when all bytes have been sent; never, when the client leaves before. */
  whenSent(done: () => void): void {
    if (this.#running) this.#whenDone = done;
    else done();
  }

  #next(): void {
    this.#running = this.#left.length > 0 && !this.socket.destroyed;
    if (this.#running) {
      this.socket.write(this.#left.subarray(0, 1));
      this.#left = this.#left.subarray(1);
      setImmediate(() => this.#next());
    } else if (!this.socket.destroyed) {
      this.#whenDone?.();
      this.#whenDone = null;
    }
  }
}
