import { flag, integer, number, shape } from '../../settings/check';
import { MAX_MS, type Family } from './family';
import type { LifecycleFlaws } from './lifecycle';

const MAX_S = 3600;

/** What the gateway looks up for each request, and what it keeps of that. */
export interface LookupFlaws {
  /**
   * The look-up of a key takes so long, as of a database, and so much more for each 1,000 keys that there are (a column
   * without an index); a key that was looked up is kept for cache_s (0: never). session_ms: each request with a key opens
   * a session of the database first.
   */
  readonly auth: {
    readonly lookup_ms: number;
    readonly ms_per_1k_keys: number;
    readonly cache_s: number;
    readonly session_ms: number;
  };
  /**
   * CPU on the event loop for each request, refused ones too, before anything is looked at, and for each KB of its body;
   * and what it writes to its log.
   */
  readonly log: { readonly block_ms: number; readonly ms_per_kb: number; readonly bytes: number };
  /** An unknown path, a bad body and all other refusals cost so much CPU on the event loop. */
  readonly error_ms: number;
  /**
   * What is asked for the first time costs so much more, of keys and of models. So many of each are kept (0: all), for
   * so long (0: for ever). stampede: who asks while the first look-up is under way makes one of its own.
   */
  readonly cache: {
    readonly key_miss_ms: number;
    readonly model_miss_ms: number;
    readonly size: number;
    readonly ttl_s: number;
    readonly stampede: boolean;
  };
  /** When the models have changed, every second list is still the old one, for so long: two caches, one of which is late. */
  readonly model_list_stale_s: number;
}

export const lookups: Family<LookupFlaws> = {
  auth: {
    off: { lookup_ms: 0, ms_per_1k_keys: 0, cache_s: 0, session_ms: 0 },
    check: shape({
      lookup_ms: number(0, MAX_MS),
      ms_per_1k_keys: number(0, MAX_MS),
      cache_s: number(0, MAX_S),
      session_ms: number(0, MAX_MS),
    }),
  },
  log: {
    off: { block_ms: 0, ms_per_kb: 0, bytes: 0 },
    check: shape({ block_ms: number(0, MAX_MS), ms_per_kb: number(0, MAX_MS), bytes: integer(0, 1e6) }),
  },
  error_ms: { off: 0, check: number(0, MAX_MS) },
  cache: {
    off: { key_miss_ms: 0, model_miss_ms: 0, size: 0, ttl_s: 0, stampede: false },
    check: shape({
      key_miss_ms: number(0, MAX_MS),
      model_miss_ms: number(0, MAX_MS),
      size: integer(0, 1e6),
      ttl_s: number(0, MAX_S),
      stampede: flag,
    }),
  },
  model_list_stale_s: { off: 0, check: number(0, MAX_S) },
};

/** Things that were looked up: the latest `size`, each for `ttl_s`. */
export class Known {
  readonly #until = new Map<string, number>();

  readonly #since = new Map<string, number>();

  /**
   * Whether it is known; it is from now on, or when the look-up that takes `afterMs` is over. `size` 0: all are kept;
   * `ttlS` 0: for ever. `now` in ms.
   */
  has(name: string, size: number, ttlS: number, afterMs = 0, now = Date.now()): boolean {
    if ((this.#since.get(name) ?? 0) > now) return false;
    const known = (this.#until.get(name) ?? -Infinity) > now;
    if (!known && afterMs > 0) this.#since.set(name, now + afterMs);
    const until = known ? (this.#until.get(name) as number) : ttlS > 0 ? now + ttlS * 1000 : Infinity;
    // Set anew, so that the least recently used is the first.
    this.#until.delete(name);
    this.#until.set(name, until);
    if (size > 0 && this.#until.size > size) {
      const [oldest] = this.#until.keys();
      this.#until.delete(oldest as string);
    }
    return known;
  }
}

/** The lists of the models as the caches have them. One for a gateway. */
export class ModelLists {
  #now = '';
  #old: string | undefined;
  #changed = 0;
  #asked = 0;

  /** The list (JSON) that a request gets, where `now` is what there is. `at` in ms. */
  get(now: string, staleS: number, at = Date.now()): string {
    if (now !== this.#now) {
      this.#old = this.#now === '' ? undefined : this.#now;
      this.#now = now;
      this.#changed = at;
    }
    const late = at - this.#changed < staleS * 1000 && ++this.#asked % 2 === 0;
    return late ? (this.#old ?? now) : now;
  }
}

/** How long the look-ups of a key, and of a model, take now, ms. */
export class Lookups {
  readonly #keys = new Known();
  readonly #cachedKeys = new Known();
  readonly #models = new Known();
  /** Models that were asked since the process began. */
  readonly #begun = new Known();

  /** `keys`: how many there are. */
  key(name: string, { auth, cache }: LookupFlaws, keys: number): number {
    const searched = auth.lookup_ms + (auth.ms_per_1k_keys * keys) / 1000;
    // A look-up that is never kept is made each time.
    const kept = auth.cache_s > 0 && this.#keys.has(name, 0, auth.cache_s);
    const { key_miss_ms: missMs, size, ttl_s: ttl, stampede } = cache;
    const missed = missMs > 0 && !this.#cachedKeys.has(name, size, ttl, stampede ? missMs : 0);
    return auth.session_ms + (kept ? 0 : searched) + (missed ? missMs : 0);
  }

  /** A model that there is not is looked for each time. */
  model(name: string, { cache, cold }: LookupFlaws & LifecycleFlaws, exists = true): number {
    const { model_miss_ms: missMs, size, ttl_s: ttl, stampede } = cache;
    if (!exists) return missMs;
    const missed = missMs > 0 && !this.#models.has(name, size, ttl, stampede ? missMs : 0);
    const first = cold.first_ms > 0 && !this.#begun.has(name, 0, 0, stampede ? cold.first_ms : 0);
    return (missed ? missMs : 0) + (first ? cold.first_ms : 0);
  }
}
