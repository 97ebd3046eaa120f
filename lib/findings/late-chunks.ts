import { ascending, quantileOf, wilson } from '../statistics';
import type { Joined, Overhead, TruthRecord } from '../truth';
import { percent } from './words';

/*
 * Why some chunks are late: whether another call begins at the moments at which they are. Where all calls share one
 * event loop, what a call does before it waits for its provider stops every stream that is under way.
 */

type Paired = Joined & { own: Overhead };

/** A chunk is late from so many ms, and from so many times the delay of the quickest tenth, on. */
const lateFrom = { ms: 8, times: 4 };
/**
 * Late chunks that it takes to say anything, the share of all that a user would notice, and by how much more often a
 * call must begin at their moments than at others.
 */
const needed = { chunks: 20, share: 0.01, more: 0.1 };
/** A call's beginning and a chunk's coming are at the same time up to so much, ns. */
const slack = 3e6;

/** What the late chunks have in common, as the rest of a sentence; "" where that is nothing. */
export function lateChunksText(all: readonly Paired[], truth: readonly TruthRecord[]): string {
  const delays = ascending(all.flatMap(({ own }) => own.chunks));
  // Not the median: where calls block most of the time, most chunks are late.
  const usual = quantileOf(delays, 0.1);
  if (usual === undefined) return '';
  const late = Math.max(lateFrom.ms, lateFrom.times * usual);
  const begins = ascending(truth.map(({ received_ns: at }) => at));
  const [slow, other] = [new Tally(), new Tally()];
  for (const { own, served, calls } of all) {
    const long = quantileOf(ascending(own.chunks.filter((delay) => delay > late)), 0.5);
    if (long === undefined) continue;
    const mine = calls.map(({ received_ns: at }) => at);
    own.chunks.forEach((delay, i) => {
      // The first chunk's way is part of the time to first token.
      if (i === 0) return;
      const written = served!.content_ns[i]!;
      const isLate = delay > late;
      // A chunk that was in time is looked at over as long a time as a late one of the same stream.
      const length = (isLate ? delay : long) * 1e6;
      (isLate ? slow : other).add(hasOther(begins, mine, written - slack, written + length + slack));
    });
  }
  const share = slow.n / delays.length;
  if (slow.n < needed.chunks || share < needed.share || slow.share < 0.5) return '';
  if (wilson(slow.hits, slow.n)[0] <= wilson(other.hits, other.n)[1] + needed.more) return '';
  return `. ${percent(share)} of the chunks are over ${late.toFixed(0)} ms late, and at ${percent(slow.share)} of these moments another call begins (at ${percent(other.share)} of the moments of other chunks): streams stand still while another call starts, as they do where one event loop serves all calls and a call blocks it. Give that work a thread or a worker of its own`;
}

class Tally {
  n = 0;
  hits = 0;
  add(hit: boolean): void {
    this.n++;
    if (hit) this.hits++;
  }
  get share(): number {
    return this.n > 0 ? this.hits / this.n : 0;
  }
}

/** Whether another request's call begins between two moments; `begins` is in ascending order. */
function hasOther(begins: readonly number[], mine: readonly number[], from: number, to: number): boolean {
  let [low, high] = [0, begins.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (begins[middle]! < from) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < begins.length && begins[i]! <= to; i++) if (!mine.includes(begins[i]!)) return true;
  return false;
}
