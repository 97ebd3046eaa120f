import type { ClockOffset } from '../summary';

/**
 * How far a server's clock is ahead of ours, from its Date headers. Each header was written between our sending and our
 * having read, and is cut to whole seconds; the offsets that fit all of them are an interval.
 */
export class ServerClock {
  private low = -Infinity;
  private high = Infinity;

  /** `sent` and `read` are Unix ms, by our clock. */
  heard(date: string | undefined, sent: number, read: number): void {
    const at = date === undefined ? Number.NaN : Date.parse(date);
    if (Number.isNaN(at)) return;
    this.low = Math.max(this.low, at - read);
    this.high = Math.min(this.high, at + 1000 - sent);
  }

  /** null where no header was heard, or they contradict each other (several servers with clocks of their own). */
  offset(): ClockOffset | null {
    if (!Number.isFinite(this.low) || this.high < this.low) return null;
    return { offset: (this.low + this.high) / 2, bound: (this.high - this.low) / 2 };
  }
}
