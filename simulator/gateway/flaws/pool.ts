import { Refusal } from '../../http/exchange';
import { flag, integer, number, shape } from '../../settings/check';
import { internalError } from '../errors';
import { MAX_MS, type Family } from './family';

/** Places that calls hold, as those of a database's pool. */
export interface PoolFlaws {
  /**
   * A pool of `size` + `overflow` places, as of a database (size 0: no limit). A plain call holds a place to its end;
   * waiting longer than the timeout is 500. With `key_check` every request, streams too, takes its place for the check
   * of its key, as GSAi does: a stream gives it back then.
   */
  readonly plain_pool: {
    readonly size: number;
    readonly overflow: number;
    readonly timeout_ms: number;
    readonly key_check: boolean;
  };
}

export const pool: Family<PoolFlaws> = {
  plain_pool: {
    off: { size: 0, overflow: 0, timeout_ms: 30_000, key_check: false },
    check: shape({
      size: integer(0, 1e6),
      overflow: integer(0, 1e6),
      timeout_ms: number(0, MAX_MS),
      key_check: flag,
    }),
  },
};

/** A database's pool: `size` + `overflow` calls hold a place, the others queue, and give up with 500 after a time. */
export class Pool {
  #used = 0;
  readonly #queue: (() => void)[] = [];

  /** Resolves with the function that gives the place back; it may be called again, without effect. */
  async take(flaw: PoolFlaws['plain_pool']): Promise<() => void> {
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

  #wait({ size, overflow, timeout_ms: ms }: PoolFlaws['plain_pool']): Promise<void> {
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
