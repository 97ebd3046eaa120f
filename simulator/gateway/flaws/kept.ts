import { createSocket, type Socket } from 'node:dgram';
import { connect, type Socket as Connection } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { number, shape } from '../../settings/check';
import { blockEventLoop } from '../../time/block';
import { MAX_MS, type Family } from './family';

/** What the gateway does not give back, and what piles up in it. */
export interface KeptFlaws {
  /**
   * This share of the requests leaves something open for good: a socket, a thread, its connection to the database
   * (`db_pool`), or of those that ask a provider a connection to it.
   */
  readonly leak: {
    readonly sockets_share: number;
    readonly threads_share: number;
    readonly db_share: number;
    readonly upstream_share: number;
  };
  /**
   * Each request puts a record of so many KB into a queue, of which so many a second are written (0: there is no queue).
   * Every so often the writing blocks the event loop. write_ms: a request that asks a provider writes a record of its
   * own before that, one after the other.
   */
  readonly billing: {
    readonly per_s: number;
    readonly write_ms: number;
    readonly kb: number;
    readonly block_ms: number;
    readonly every_s: number;
  };
  /** Each thousand requests that were served make every later one so much slower, as a log or a table that grows. */
  readonly drift_ms_per_1k_requests: number;
}

const share = number(0, 1);

export const kept: Family<KeptFlaws> = {
  leak: {
    off: { sockets_share: 0, threads_share: 0, db_share: 0, upstream_share: 0 },
    check: shape({ sockets_share: share, threads_share: share, db_share: share, upstream_share: share }),
  },
  billing: {
    off: { per_s: 0, write_ms: 0, kb: 1, block_ms: 0, every_s: 1 },
    check: shape({
      per_s: number(0, 1e6),
      write_ms: number(0, MAX_MS),
      kb: number(0, 1024),
      block_ms: number(0, MAX_MS),
      every_s: number(0.1, 3600),
    }),
  },
  drift_ms_per_1k_requests: { off: 0, check: number(0, MAX_MS) },
};

/** Every so often one: of the n-th of something, whether it is one of such a share. */
export const isOneOf = (n: number, share: number): boolean =>
  share > 0 && Math.floor(n * share) > Math.floor((n - 1) * share);

/** How often the queue is looked at, ms. */
const tick = 100;
/** Threads that may be left open: each holds a few MB. */
const threadsAtMost = 200;

/** What requests have left behind. One for a gateway. */
export class Kept {
  #requests = 0;
  readonly #sockets: Socket[] = [];
  readonly #threads: Worker[] = [];
  readonly #upstream: Connection[] = [];
  #calls = 0;
  #written = Promise.resolve();
  #queue: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;

  /** What one more request leaves behind; by how many ms those before it make it slower. */
  enter({ leak, billing, drift_ms_per_1k_requests: drift }: KeptFlaws): number {
    const n = (this.#requests += 1);
    if (isOneOf(n, leak.sockets_share)) this.#sockets.push(createSocket('udp4').bind(0, '127.0.0.1'));
    if (isOneOf(n, leak.threads_share) && this.#threads.length < threadsAtMost)
      this.#threads.push(new Worker('setInterval(() => undefined, 1e9)', { eval: true, execArgv: [] }));
    if (billing.per_s > 0) this.#queue.push(Buffer.alloc(Math.round(billing.kb * 1024), 1));
    return (drift * (n - 1)) / 1000;
  }

  /** What a request leaves behind that asks a provider at this address; done when its record is written. */
  async call({ leak, billing }: KeptFlaws, { hostname, port }: URL): Promise<void> {
    if (isOneOf((this.#calls += 1), leak.upstream_share))
      this.#upstream.push(connect(Number(port || 80), hostname).on('error', () => undefined));
    if (billing.write_ms === 0) return;
    // A record that waits keeps no process alive that has closed its gateway.
    this.#written = this.#written.then(() => delay(billing.write_ms, undefined, { ref: false }));
    await this.#written;
  }

  /** Records that wait to be written. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Takes over the settings: what is no longer to leak is given back, and requests are counted anew. */
  set({ leak, billing }: KeptFlaws): void {
    this.#requests = 0;
    this.#calls = 0;
    if (leak.upstream_share === 0) for (const connection of this.#upstream.splice(0)) connection.destroy();
    if (leak.sockets_share === 0) for (const socket of this.#sockets.splice(0)) socket.close();
    if (leak.threads_share === 0) for (const thread of this.#threads.splice(0)) void thread.terminate();
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (billing.per_s === 0) this.#queue = [];
    else this.#write(billing);
  }

  /** Gives everything back. */
  stop(): void {
    clearInterval(this.#timer);
    for (const connection of this.#upstream.splice(0)) connection.destroy();
    for (const socket of this.#sockets.splice(0)) socket.close();
    for (const thread of this.#threads.splice(0)) void thread.terminate();
  }

  #write({ per_s: rate, block_ms: ms, every_s: every }: KeptFlaws['billing']): void {
    let due = 0;
    let blocked = Date.now();
    this.#timer = setInterval(() => {
      due = Math.min(this.#queue.length, due + (rate * tick) / 1000);
      const written = Math.floor(due);
      this.#queue.splice(0, written);
      due -= written;
      if (ms > 0 && Date.now() - blocked >= every * 1000) {
        blocked = Date.now();
        blockEventLoop(ms);
      }
    }, tick);
  }
}
