import { flag, integer, number, shape } from '../../settings/check';
import { nowNs, NS_PER_MS } from '../../time/clock';
import type { Pacer } from '../../time/pace';
import { MAX_MS, type Family } from './family';

/** When the gateway hands on what the provider said. */
export interface DeliveryFlaws {
  /** The role chunk is sent before the provider has been asked. */
  readonly role_early: boolean;
  /** Chunks are held to the end, or written out every flush_ms (0: at once). */
  readonly buffering: { readonly to_end: boolean; readonly flush_ms: number };
  /** Chunks in one write. 1: each its own. */
  readonly coalesce: number;
  /** Added before the provider is asked, in ms: moves the first token and all that follows. */
  readonly overhead_ms: number;
  /** Added to each chunk, in ms, one chunk after the other: below the provider's gap it is a constant delay. */
  readonly overhead_chunk_ms: number;
  /** All answers together pass no faster than so many kilobytes a second; 0: no limit. */
  readonly bandwidth_kb_per_s: number;
  /** This share of the chats gets the answer to the chat before it. */
  readonly crosstalk_share: number;
}

export const delivery: Family<DeliveryFlaws> = {
  role_early: { off: false, check: flag },
  buffering: { off: { to_end: false, flush_ms: 0 }, check: shape({ to_end: flag, flush_ms: number(0, MAX_MS) }) },
  coalesce: { off: 1, check: integer(1, 10_000) },
  overhead_ms: { off: 0, check: number(0, MAX_MS) },
  overhead_chunk_ms: { off: 0, check: number(0, MAX_MS) },
  bandwidth_kb_per_s: { off: 0, check: number(0, 1e9) },
  crosstalk_share: { off: 0, check: number(0, 1) },
};

/** The line that all answers share. One for a gateway. */
export class Line {
  #freeAt = 0;

  /** What has not passed yet is forgotten: the settings have changed. */
  clear(): void {
    this.#freeAt = 0;
  }

  /** When so many bytes have passed that come now, ns; 0 where there is no limit. */
  passed(bytes: number, { bandwidth_kb_per_s: limit }: DeliveryFlaws): number {
    if (limit === 0) return 0;
    this.#freeAt = Math.max(nowNs(), this.#freeAt) + (bytes / 1024 / limit) * 1e9;
    return this.#freeAt;
  }
}

/** The chats that have come in, for those that get the answer to another. */
export class Crosstalk {
  #last: readonly unknown[] | undefined;

  /** The messages that the provider is asked with: those of the chat before, for a share of the chats, by their number. */
  asked(messages: unknown[], seq: number, { crosstalk_share: share }: DeliveryFlaws): unknown[] {
    const before = this.#last;
    this.#last = share > 0 ? messages : undefined;
    return before !== undefined && (seq * 0.618_033_988_75) % 1 < share ? [...before] : messages;
  }
}

/** Hands events on in their order, each content chunk `delayMs` later than it came, or than the one before it left. */
export class Relay {
  readonly #queue: { readonly due: number; readonly run: () => void }[] = [];
  #lastDue = 0;

  constructor(
    private readonly pacer: Pacer,
    private readonly delayMs: number,
    /** When the event loop that hands on is free, ns. */
    private readonly freeAt: () => number = () => 0,
  ) {}

  pass(run: () => void, isContent: boolean): void {
    const free = this.freeAt();
    if (this.delayMs === 0 && this.#queue.length === 0 && free <= nowNs()) {
      run();
      return;
    }
    this.#lastDue = Math.max(nowNs(), free, this.#lastDue) + (isContent ? this.delayMs * NS_PER_MS : 0);
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
