import type { Flaws } from '../settings/types';
import { Refusal } from '../http/exchange';
import type { Pacer } from '../time/pace';
import { nowNs, NS_PER_MS } from '../time/clock';
import { internalError } from './errors';

let leaked: Buffer[] = [];

/** Keeps `mb` of memory, and touches it, so that it shows in the process's resident size. */
export function leak(mb: number): void {
  leaked.push(Buffer.alloc(Math.round(mb * 1024 * 1024), 1));
}

/** Gives back what has leaked, when the flaw is switched off. */
export function stopLeak(): void {
  leaked = [];
}

/** A database's pool: `size` + `overflow` calls hold a place, the others queue, and give up with 500 after a time. */
export class Pool {
  #used = 0;
  readonly #queue: (() => void)[] = [];

  /** Resolves with the function that gives the place back; it may be called again, without effect. */
  async take(flaw: Flaws['plain_pool']): Promise<() => void> {
    if (flaw.size === 0) return () => undefined;
    if (this.#used < flaw.size + flaw.overflow) this.#used += 1;
    else await this.#wait(flaw);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      // The place goes straight to the next in the queue; a newcomer cannot slip in between.
      const next = this.#queue.shift();
      if (next === undefined) this.#used -= 1;
      else next();
    };
  }

  #wait({ size, overflow, timeout_ms: ms }: Flaws['plain_pool']): Promise<void> {
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        // SQLAlchemy's words.
        const waited = `connection timed out, timeout ${(ms / 1000).toFixed(2)}`;
        reject(
          new Refusal(500, internalError(`QueuePool limit of size ${size} overflow ${overflow} reached, ${waited}`)),
        );
      }, ms);
      this.#queue.push(enter);
    });
  }
}

/** Hands events on in their order, each content chunk `delayMs` later than it came, or than the one before it left. */
export class Relay {
  readonly #queue: { readonly due: number; readonly run: () => void }[] = [];
  #lastDue = 0;

  constructor(
    private readonly pacer: Pacer,
    private readonly delayMs: number,
  ) {}

  pass(run: () => void, isContent: boolean): void {
    if (this.delayMs === 0) {
      run();
      return;
    }
    this.#lastDue = Math.max(nowNs(), this.#lastDue) + (isContent ? this.delayMs * NS_PER_MS : 0);
    this.#queue.push({ due: this.#lastDue, run });
    if (this.#queue.length === 1) this.#next();
  }

  #next(): void {
    const first = this.#queue[0];
    if (first === undefined) return;
    this.pacer.at(first.due, () => {
      first.run();
      this.#queue.shift();
      this.#next();
    });
  }
}
