import type { LatenessReport } from '../time/lateness';
import { NS_PER_MS } from '../time/clock';

/** Percentiles by nearest rank, ms; null when there are none. */
export interface Percentiles {
  readonly count: number;
  readonly mean: number | null;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** What the book says of the streams that it received at or after a time and served to their end. */
export interface StreamTruth {
  readonly streams: number;
  /** Begun and not (yet) served to the end: the client left, or they still run. */
  readonly unfinished: number;
  /** Served, but not in the book, which was full (`--keep`): the figures are then of the first streams only. */
  readonly unkept: number;
  readonly events: number;
  /** Request read to first content event handed to the socket. */
  readonly ttft: Percentiles;
  /** Between two content events of a stream. */
  readonly gap: Percentiles;
  /**
   * (last content event - first) / (content events - 1), of each stream of two or more: what some tools call
   * inter-token latency.
   */
  readonly mean_gap: Percentiles;
  /** First request read and last content event written, CLOCK_MONOTONIC ns; null without streams. */
  readonly first_ns: number | null;
  readonly last_ns: number | null;
}

/** Requests for embeddings at or after a time. */
export interface EmbeddingTruth {
  readonly count: number;
  /** First and last one read, CLOCK_MONOTONIC ns; null when there are none. */
  readonly first_ns: number | null;
  readonly last_ns: number | null;
}

function percentiles(values: Float64Array): Percentiles {
  values.sort();
  const at = (share: number) =>
    values.length === 0 ? null : values[Math.max(0, Math.ceil(share * values.length) - 1)]! / NS_PER_MS;
  const mean = values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length / NS_PER_MS;
  return { count: values.length, mean, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

/**
 * What the null target knows of the streams received at or after a time; of the rest, from the last DELETE /truth on.
 */
export interface NullTruth extends StreamTruth {
  /** Most streams open at once. */
  readonly max_open: number;
  readonly embeddings: EmbeddingTruth;
  /** Writes that the socket's buffer had no room for: the client did not read. */
  readonly held_back: number;
  /** Writes after their deadline. It is no error of the truth, which has the times of the writes. */
  readonly lateness: LatenessReport;
  /** CPU time of this process, and the wall time. */
  readonly cpu_seconds: number;
  readonly wall_seconds: number;
}

/** The truth's memory, allocated once. A full book takes no more. */
export class Book {
  readonly #received: Float64Array;
  readonly #offsets: Uint32Array;
  /** Content events of each stream so far, and how many it will have. */
  readonly #written: Uint32Array;
  readonly #wanted: Uint32Array;
  readonly #stamps: Float64Array;
  #streams = 0;
  #used = 0;
  #unkept = 0;
  readonly #embedded: Float64Array;
  #embeddings = 0;

  constructor(keep: number) {
    // Streams of fewer than 8 events fill the first table before the stamps: still bounded, and told.
    const most = Math.ceil(keep / 8);
    this.#received = new Float64Array(most);
    this.#offsets = new Uint32Array(most);
    this.#written = new Uint32Array(most);
    this.#wanted = new Uint32Array(most);
    this.#stamps = new Float64Array(keep);
    this.#embedded = new Float64Array(keep / 4);
  }

  /** Makes room for a stream; -1 when there is none. */
  open(received: number, events: number): number {
    if (this.#streams === this.#received.length || this.#used + events > this.#stamps.length) {
      this.#unkept += 1;
      return -1;
    }
    const slot = this.#streams++;
    this.#received[slot] = received;
    this.#offsets[slot] = this.#used;
    this.#written[slot] = 0;
    this.#wanted[slot] = events;
    this.#used += events;
    return slot;
  }

  clear(): void {
    this.#streams = 0;
    this.#used = 0;
    this.#unkept = 0;
    this.#embeddings = 0;
  }

  /** Notes that the stream's next content event is about to be written. */
  stamp(slot: number, now: number): void {
    this.#stamps[this.#offsets[slot]! + this.#written[slot]!] = now;
    this.#written[slot]! += 1;
  }

  /** Notes a request for embeddings. */
  embed(now: number): void {
    if (this.#embeddings < this.#embedded.length) this.#embedded[this.#embeddings] = now;
    this.#embeddings += 1;
  }

  /** Embeddings at or after `after`; those beyond the book's room are taken to be. */
  embeddings(after: number): EmbeddingTruth {
    const kept = this.#embedded.subarray(0, this.#embeddings);
    const before = kept.findIndex((at) => at >= after);
    const count = this.#embeddings - (before < 0 ? kept.length : before);
    return { count, first_ns: before < 0 ? null : kept[before]!, last_ns: before < 0 ? null : kept[kept.length - 1]! };
  }

  /** Every stream received at or after `after`, with its stamps. */
  raw(after: number): { received_ns: number; ended: boolean; content_ns: number[] }[] {
    return this.#since(after).map((slot) => ({
      received_ns: this.#received[slot]!,
      ended: this.#ended(slot),
      content_ns: [...this.#stampsOf(slot)],
    }));
  }

  summary(after: number): StreamTruth {
    const all = this.#since(after);
    const ended = all.filter((slot) => this.#ended(slot));
    const events = ended.reduce((sum, slot) => sum + this.#written[slot]!, 0);
    const ttft = new Float64Array(ended.length);
    const gap = new Float64Array(events - ended.length);
    const meanGap: number[] = [];
    let gaps = 0;
    let last = 0;
    ended.forEach((slot, i) => {
      const stamps = this.#stampsOf(slot);
      ttft[i] = stamps[0]! - this.#received[slot]!;
      for (let k = 1; k < stamps.length; k += 1) gap[gaps++] = stamps[k]! - stamps[k - 1]!;
      if (stamps.length > 1) meanGap.push((stamps[stamps.length - 1]! - stamps[0]!) / (stamps.length - 1));
      last = Math.max(last, stamps[stamps.length - 1]!);
    });
    return {
      streams: ended.length,
      unfinished: all.length - ended.length,
      unkept: this.#unkept,
      events,
      ttft: percentiles(ttft),
      gap: percentiles(gap),
      mean_gap: percentiles(Float64Array.from(meanGap)),
      first_ns: ended.length > 0 ? this.#received[ended[0]!]! : null,
      last_ns: ended.length > 0 ? last : null,
    };
  }

  #since(after: number): number[] {
    return Array.from({ length: this.#streams }, (_, slot) => slot).filter((slot) => this.#received[slot]! >= after);
  }

  #ended(slot: number): boolean {
    return this.#written[slot] === this.#wanted[slot];
  }

  #stampsOf(slot: number): Float64Array {
    return this.#stamps.subarray(this.#offsets[slot]!, this.#offsets[slot]! + this.#written[slot]!);
  }
}
