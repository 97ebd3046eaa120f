import { Refusal } from '../../http/exchange';
import { flag, integer, number, oneOf, shape } from '../../settings/check';
import { internalError } from '../errors';
import { MAX_MS, type Family } from './family';
import { isOneOf } from './kept';

/** How long a request keeps its place of the pool. */
const HOLDS = ['call', 'plain', 'auth', 'all'] as const;

/** Places that requests hold, as those of a database's pool. */
export interface PoolFlaws {
  /**
   * A pool of `size` + `overflow` places, as of a database (size 0: no limit). Waiting longer than the time-out is 500.
   * `hold` says who holds a place. call: a plain call, while its provider is asked. plain: every request takes a place
   * for the check of its key, and a plain call keeps it to its end; a stream gives it back (as GSAi does). auth: every
   * request, for the check alone. all: every request to its end. Each place is given back so many ms late, and of the
   * clients that hang up, such a share leaves a place that nobody gives back.
   */
  readonly db_pool: {
    readonly size: number;
    readonly overflow: number;
    readonly timeout_ms: number;
    readonly hold: (typeof HOLDS)[number];
    readonly hold_after_ms: number;
    readonly leak_share: number;
  };
  /**
   * The database is down: every request whose key is to be checked gets 500 at once. When it is back, the pool still has
   * the dead connections, and requests fail for so long on.
   */
  readonly database: { readonly down: boolean; readonly dead_ms: number };
  /** A client that hangs up leaves its key broken: the next request with it fails, as where nothing is rolled back. */
  readonly aborts_break_key: boolean;
}

export const pool: Family<PoolFlaws> = {
  db_pool: {
    off: { size: 0, overflow: 0, timeout_ms: 30_000, hold: 'call', hold_after_ms: 0, leak_share: 0 },
    check: shape({
      size: integer(0, 1e6),
      overflow: integer(0, 1e6),
      timeout_ms: number(0, MAX_MS),
      hold: oneOf(HOLDS),
      hold_after_ms: number(0, MAX_MS),
      leak_share: number(0, 1),
    }),
  },
  database: { off: { down: false, dead_ms: 0 }, check: shape({ down: flag, dead_ms: number(0, MAX_MS) }) },
  aborts_break_key: { off: false, check: flag },
};

/** Whether the database answers. One for a gateway. */
export class Database {
  #wasDown = false;
  #deadUntil = 0;

  /** Throws a 500 while it is down, and while the pool has the connections of that time. `now` in ms. */
  check({ down, dead_ms: dead }: PoolFlaws['database'], now = Date.now()): void {
    if (this.#wasDown && !down) this.#deadUntil = now + dead;
    this.#wasDown = down;
    if (down || now < this.#deadUntil)
      throw new Refusal(500, internalError('server closed the connection unexpectedly'));
  }
}

/** Keys that the next request with them finds broken. One for a gateway. */
export class Broken {
  readonly #keys = new Set<string>();

  /** The client of a request with this key has hung up. */
  leave(key: string): void {
    this.#keys.add(key);
  }

  /** Throws a 500, once, where the key is broken. */
  check(key: string): void {
    if (this.#keys.delete(key))
      throw new Refusal(500, internalError('This session is in a transaction that has failed'));
  }
}

type Settings = PoolFlaws['db_pool'];

/** Gives a place back; once it has, it may be called again without effect. `lost`: the place is lost for good. */
export type GiveBack = (lost?: boolean) => void;

/** A database's pool: so many hold a place, the others queue, and give up with 500 after a time. */
export class Pool {
  #used = 0;
  #taken = 0;
  /** Places taken before the pool was emptied are not given back to what came after. */
  #filling = 0;
  readonly #queue: (() => void)[] = [];

  /** Places that are held. */
  get used(): number {
    return this.#used;
  }

  /** `leakShare`: of all who take a place, such a share never gives it back. */
  async take(flaw: Settings, leakShare = 0): Promise<GiveBack> {
    const leaks = isOneOf((this.#taken += 1), leakShare);
    if (flaw.size === 0 || this.#used < flaw.size + flaw.overflow) this.#used += 1;
    else await this.#wait(flaw);
    const filling = this.#filling;
    let held = true;
    return (lost = false) => {
      if (!held) return;
      held = false;
      if (lost || leaks) return;
      if (flaw.hold_after_ms > 0) setTimeout(() => this.#give(filling), flaw.hold_after_ms);
      else this.#give(filling);
    };
  }

  /** All places are free again, those that were lost too. */
  empty(): void {
    this.#filling += 1;
    this.#used = 0;
    for (const enter of this.#queue.splice(0)) {
      this.#used += 1;
      enter();
    }
  }

  #give(filling: number): void {
    if (filling !== this.#filling) return;
    // The place goes straight to the next in the queue; a newcomer cannot slip in between.
    const next = this.#queue.shift();
    if (next === undefined) this.#used -= 1;
    else next();
  }

  #wait({ size, overflow, timeout_ms: ms }: Settings): Promise<void> {
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
