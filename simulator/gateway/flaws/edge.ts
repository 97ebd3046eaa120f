import { ClientGone, Refusal, type Exchange } from '../../http/exchange';
import { flag, integer, number, shape } from '../../settings/check';
import { nowNs, NS_PER_MS } from '../../time/clock';
import type { Pacer } from '../../time/pace';
import { MAX_MS, type Family } from './family';

/** What stands before the routes: who is let in, and when. */
export interface EdgeFlaws {
  /** A request and its answer are on their way for so long together, as over a network that is so far. */
  readonly network_ms: number;
  /** More than `size` requests in flight (0: no limit) are refused at once; with `streams_only` streams alone are. */
  readonly limit_concurrency: { readonly size: number; readonly streams_only: boolean; readonly status: number };
  /** Requests beyond so many a second (0: no limit), of all or of each key, get 429, with Retry-After above 0 s. */
  readonly rate_limit: { readonly per_second: number; readonly per_key: boolean; readonly retry_after: number };
  /** Requests of one key wait for one another, for so long each. */
  readonly key_lock_ms: number;
  /**
   * So many requests are served at once (0: all), the others wait for their turn. collapses_ms: each that waits makes
   * each that is served so much slower. grows_after_s: having been full for so long, it serves twice as many, once.
   */
  readonly capacity: { readonly in_flight: number; readonly collapses_ms: number; readonly grows_after_s: number };
  /** Who waits for the capacity: off: the first that came is the first served. On: the keys take turns. */
  readonly fair: boolean;
  /** Keys have two classes: of those that have come, every second one waits so long before each request. */
  readonly key_class_ms: number;
  /**
   * What is held ready for embeddings follows their share of the requests, over so many seconds (0: there is no such
   * thing). While the share is another than what it follows, every request waits so long.
   */
  readonly mix_change: { readonly follows_s: number; readonly ms: number };
}

export const edge: Family<EdgeFlaws> = {
  network_ms: { off: 0, check: number(0, MAX_MS) },
  limit_concurrency: {
    off: { size: 0, streams_only: false, status: 503 },
    check: shape({ size: integer(0, 1e6), streams_only: flag, status: integer(400, 599) }),
  },
  rate_limit: {
    off: { per_second: 0, per_key: false, retry_after: 1 },
    check: shape({ per_second: number(0, 1e6), per_key: flag, retry_after: number(0, 3600) }),
  },
  key_lock_ms: { off: 0, check: number(0, MAX_MS) },
  capacity: {
    off: { in_flight: 0, collapses_ms: 0, grows_after_s: 0 },
    check: shape({ in_flight: integer(0, 1e6), collapses_ms: number(0, MAX_MS), grows_after_s: number(0, 3600) }),
  },
  fair: { off: false, check: flag },
  key_class_ms: { off: 0, check: number(0, MAX_MS) },
  mix_change: {
    off: { follows_s: 0, ms: 0 },
    check: shape({ follows_s: number(0, 3600), ms: number(0, MAX_MS) }),
  },
};

interface Waiting {
  readonly key: string;
  readonly enter: () => void;
}

/** Who is in flight, who waits, and what each key has used up. One for a gateway. */
export class Edge {
  #inFlight = 0;
  #streams = 0;
  readonly #buckets = new Map<string, { left: number; at: number }>();
  readonly #locks = new Map<string, Promise<void>>();
  #served = 0;
  #waiting: Waiting[] = [];
  #fullSince = 0;
  #grown = false;

  constructor(private readonly pacer: Pacer) {}

  /** Lets a request in, when its turn has come. Throws the refusal, or ClientGone. */
  async enter(exchange: Exchange, flaws: EdgeFlaws): Promise<void> {
    const { limit_concurrency: limit, rate_limit: rate, capacity } = flaws;
    await this.pacer.sleep(flaws.network_ms);
    this.#inFlight += 1;
    exchange.response.once('close', () => (this.#inFlight -= 1));
    if (limit.size > 0 && !limit.streams_only && this.#inFlight > limit.size) throw tooMany(limit.status);
    if (rate.per_second > 0) this.#charge(rate.per_key ? keyOf(exchange) : '', rate);
    if (flaws.key_class_ms > 0 && this.#isSecondClass(keyOf(exchange))) await this.pacer.sleep(flaws.key_class_ms);
    if (flaws.mix_change.follows_s > 0) await this.pacer.sleep(this.#mix.waits(exchange, flaws.mix_change));
    if (capacity.in_flight > 0) await this.#turn(exchange, flaws);
  }

  readonly #mix = new Mix();

  /** Keys in the order in which they first came. */
  readonly #keys = new Map<string, number>();

  #isSecondClass(key: string): boolean {
    const place = this.#keys.get(key) ?? this.#keys.size;
    this.#keys.set(key, place);
    return place % 2 === 1;
  }

  /** Lets a stream in. Throws the refusal. */
  enterStream({ response }: Exchange, { limit_concurrency: limit }: EdgeFlaws): void {
    this.#streams += 1;
    response.once('close', () => (this.#streams -= 1));
    if (limit.size > 0 && limit.streams_only && this.#streams > limit.size) throw tooMany(limit.status);
  }

  /** Done when the requests of this key that came before have had their time, and this one too. */
  async lock(key: string, ms: number): Promise<void> {
    if (ms <= 0) return;
    const mine = (this.#locks.get(key) ?? Promise.resolve()).then(() => this.pacer.sleep(ms));
    this.#locks.set(key, mine);
    await mine;
    if (this.#locks.get(key) === mine) this.#locks.delete(key);
  }

  /** Forgets what was used up and learnt: the settings have changed. */
  clear(): void {
    this.#buckets.clear();
    this.#fullSince = 0;
    this.#grown = false;
  }

  /** A token bucket that holds one second's requests. */
  #charge(key: string, { per_second: rate, retry_after: after }: EdgeFlaws['rate_limit']): void {
    const now = nowNs();
    const bucket = this.#buckets.get(key) ?? { left: Math.max(1, rate), at: now };
    bucket.left = Math.min(Math.max(1, rate), bucket.left + ((now - bucket.at) / 1e9) * rate);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    if (bucket.left < 1)
      throw new Refusal(429, { detail: 'Too Many Requests' }, after > 0 ? { 'retry-after': String(after) } : {});
    bucket.left -= 1;
  }

  async #turn(exchange: Exchange, flaws: EdgeFlaws): Promise<void> {
    const { response } = exchange;
    if (this.#served >= this.#places(flaws)) await this.#wait(exchange);
    else this.#served += 1;
    response.once('close', () => this.#leave(flaws));
    if (response.destroyed) {
      this.#leave(flaws);
      throw new ClientGone();
    }
    await this.pacer.sleep(this.#waiting.length * flaws.capacity.collapses_ms);
  }

  #wait(exchange: Exchange): Promise<void> {
    this.#fullSince ||= nowNs();
    return new Promise((resolve, reject) => {
      const gone = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== mine);
        reject(new ClientGone());
      };
      const mine: Waiting = {
        key: keyOf(exchange),
        enter: () => {
          exchange.response.off('close', gone);
          resolve();
        },
      };
      exchange.response.once('close', gone);
      this.#waiting.push(mine);
    });
  }

  /** The place goes to the next in line. */
  #leave(flaws: EdgeFlaws): void {
    this.#served -= 1;
    while (this.#waiting.length > 0 && this.#served < this.#places(flaws)) {
      const next = flaws.fair ? this.#rarest() : this.#waiting[0]!;
      this.#waiting = this.#waiting.filter((each) => each !== next);
      this.#turns.set(next.key, (this.#turns.get(next.key) ?? 0) + 1);
      this.#served += 1;
      next.enter();
    }
    if (this.#waiting.length > 0) return;
    this.#turns.clear();
    this.#fullSince = 0;
  }

  /** How often each key has had its turn since anyone waits. */
  readonly #turns = new Map<string, number>();

  /** The first in line of the key that had the fewest turns. */
  #rarest(): Waiting {
    const turns = ({ key }: Waiting): number => this.#turns.get(key) ?? 0;
    return this.#waiting.reduce((best, each) => (turns(each) < turns(best) ? each : best));
  }

  #places({ capacity: { in_flight: places, grows_after_s: grows } }: EdgeFlaws): number {
    const full = this.#fullSince > 0 ? (nowNs() - this.#fullSince) / NS_PER_MS / 1000 : 0;
    this.#grown ||= grows > 0 && full > grows;
    return this.#grown ? 2 * places : places;
  }
}

/** The share of the embeddings among the last requests, and the one that what is held ready has come to. One for a gateway. */
class Mix {
  /** Requests over which the share of the embeddings is taken. */
  static readonly #last = 20;
  /** So far may it be from what is ready, which is more than chance makes of so many. */
  static readonly #apart = 0.25;
  #now: number | undefined;
  #ready = 0;
  #at = 0;

  /** How long this request waits, ms. */
  waits({ request }: Exchange, { follows_s: follows, ms }: EdgeFlaws['mix_change']): number {
    const isOne = request.url?.includes('/embeddings') ? 1 : 0;
    const at = nowNs();
    if (this.#now === undefined) [this.#now, this.#ready] = [0.25, 0.25];
    else this.#ready += (this.#now - this.#ready) * (1 - Math.exp(-(at - this.#at) / 1e9 / follows));
    this.#at = at;
    this.#now += (isOne - this.#now) / Mix.#last;
    return Math.abs(this.#now - this.#ready) > Mix.#apart ? ms : 0;
  }
}

/** What the request says its key is. */
export function keyOf({ request }: Exchange): string {
  return request.headers.authorization ?? '';
}

/** As uvicorn refuses with `--limit-concurrency`. */
function tooMany(status: number): Refusal {
  return new Refusal(status, { detail: 'Service Unavailable' });
}
