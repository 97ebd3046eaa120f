import type { Socket } from 'node:net';
import { integer, number, shape } from '../../settings/check';
import { blockEventLoop } from '../../time/block';
import { nowNs, NS_PER_MS } from '../../time/clock';
import type { Pacer } from '../../time/pace';
import { MAX_MS, type Family } from './family';

/** What keeps the gateway's event loop (or its CPU) busy. */
export interface LoopFlaws {
  /** CPU on the gateway's event loop per provider call, in ms. */
  readonly event_loop_block_ms: { readonly bedrock: number; readonly vertex: number };
  /** The same for each request of a kind: a model list, a call for embeddings, a key that is refused. */
  readonly block_ms: { readonly models: number; readonly embedding: number; readonly refused: number };
  /** The same for every request, before anything is looked at. */
  readonly cpu_ms_per_request: number;
  /** The event loop stands still for so long every so often, with no request at fault: a collection, a task. */
  readonly pauses: { readonly every_ms: number; readonly ms: number };
  /**
   * Of each 100 ms the process stands still for so long, as one whose container has used the CPU that it may use; the
   * gateway's own page tells the sum.
   */
  readonly throttled_ms: number;
  /**
   * Processes that the gateway is served by. One is this process, whose event loop is truly blocked. Of several, each
   * has a loop of its own in name: what it is busy with keeps the others of its connections waiting, and nobody else.
   */
  readonly workers: number;
}

const ms = number(0, MAX_MS);

export const loop: Family<LoopFlaws> = {
  event_loop_block_ms: { off: { bedrock: 0, vertex: 0 }, check: shape({ bedrock: ms, vertex: ms }) },
  block_ms: {
    off: { models: 0, embedding: 0, refused: 0 },
    check: shape({ models: ms, embedding: ms, refused: ms }),
  },
  cpu_ms_per_request: { off: 0, check: ms },
  pauses: { off: { every_ms: 0, ms: 0 }, check: shape({ every_ms: ms, ms }) },
  throttled_ms: { off: 0, check: number(0, 100) },
  workers: { off: 1, check: integer(1, 64) },
};

/** The event loops of the gateway's workers. A connection stays with the worker that took it. */
export class Loops {
  readonly #workerOf = new WeakMap<Socket, number>();
  readonly #freeAt = new Map<number, number>();
  #taken = 0;
  #pause: NodeJS.Timeout | undefined;
  #throttle: NodeJS.Timeout | undefined;
  /** How long the process has stood still for its container's limit, s. */
  throttledS = 0;

  constructor(private readonly pacer: Pacer) {}

  /** Keeps the loop of this connection's worker busy; done when that is over. */
  async busy(socket: Socket, wanted: number, flaws: LoopFlaws): Promise<void> {
    if (wanted <= 0) return this.free(socket, flaws);
    if (flaws.workers === 1) return blockEventLoop(wanted);
    const worker = this.#worker(socket, flaws);
    this.#freeAt.set(worker, Math.max(nowNs(), this.#freeAt.get(worker) ?? 0) + wanted * NS_PER_MS);
    return this.free(socket, flaws);
  }

  /** Done when the loop of this connection's worker is free. */
  async free(socket: Socket, flaws: LoopFlaws): Promise<void> {
    const at = this.freeAt(socket, flaws);
    if (at > nowNs()) await new Promise<void>((resolve) => this.pacer.at(at, resolve));
  }

  /** When the loop of this connection's worker is free, ns; 0 where the process's own is the only one. */
  freeAt(socket: Socket, flaws: LoopFlaws): number {
    return flaws.workers === 1 ? 0 : (this.#freeAt.get(this.#worker(socket, flaws)) ?? 0);
  }

  /** Takes over the settings of the pauses. */
  pause({ pauses, throttled_ms: ms }: LoopFlaws): void {
    clearInterval(this.#pause);
    clearInterval(this.#throttle);
    this.#throttle = ms > 0 ? setInterval(() => this.#stand(ms), 100) : undefined;
    this.#pause =
      pauses.every_ms > 0 && pauses.ms > 0 ? setInterval(() => blockEventLoop(pauses.ms), pauses.every_ms) : undefined;
  }

  /** Ends the pauses. */
  stop(): void {
    clearInterval(this.#pause);
    clearInterval(this.#throttle);
  }

  #stand(ms: number): void {
    blockEventLoop(ms);
    this.throttledS += ms / 1000;
  }

  #worker(socket: Socket, { workers }: LoopFlaws): number {
    const known = this.#workerOf.get(socket);
    if (known !== undefined && known < workers) return known;
    const worker = this.#taken++ % workers;
    this.#workerOf.set(socket, worker);
    return worker;
  }
}
