/** Percentiles in ms; null when nothing was timed. */
export interface LatenessReport {
  readonly count: number;
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

const STEP = Math.log(1.01);
const SMALLEST_MS = 0.001;
const BUCKETS = Math.ceil(Math.log(1e7 / SMALLEST_MS) / STEP) + 1;

/** How late chunks were written against their deadlines: a histogram of fixed size, 1 % wide buckets from 1 us on. */
export class Lateness {
  readonly #buckets = new Uint32Array(BUCKETS);
  #count = 0;
  #max = 0;

  add(ms: number): void {
    const index = ms <= SMALLEST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / SMALLEST_MS) / STEP));
    this.#buckets[index] = (this.#buckets[index] ?? 0) + 1;
    this.#count += 1;
    if (ms > this.#max) this.#max = ms;
  }

  clear(): void {
    this.#buckets.fill(0);
    this.#count = 0;
    this.#max = 0;
  }

  report(): LatenessReport {
    const empty = this.#count === 0;
    return {
      count: this.#count,
      p50: this.#at(0.5),
      p95: this.#at(0.95),
      p99: this.#at(0.99),
      max: empty ? null : this.#max,
    };
  }

  #at(share: number): number | null {
    if (this.#count === 0) return null;
    let left = Math.ceil(share * this.#count);
    for (let index = 0; index < BUCKETS; index += 1) {
      left -= this.#buckets[index] ?? 0;
      if (left <= 0) return Math.min(this.#max, Number((SMALLEST_MS * Math.exp(index * STEP)).toPrecision(4)));
    }
    return this.#max;
  }
}
