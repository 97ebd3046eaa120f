import { number, shape } from '../../settings/check';
import { blockEventLoop } from '../../time/block';
import type { Family } from './family';

/** What each chunk of a stream costs the gateway. */
export interface ChunkFlaws {
  /**
   * CPU on the event loop for each chunk, and so much more with each chunk before it in the same stream (what grows as a
   * list that is copied); and memory that is given to the garbage collector.
   */
  readonly chunk: { readonly cpu_us: number; readonly growth_us: number; readonly garbage_kb: number };
}

const MAX_US = 10_000_000;

export const chunks: Family<ChunkFlaws> = {
  chunk: {
    off: { cpu_us: 0, growth_us: 0, garbage_kb: 0 },
    check: shape({ cpu_us: number(0, MAX_US), growth_us: number(0, MAX_US), garbage_kb: number(0, 65_536) }),
  },
};

let garbage: unknown;

/** What the chunk at this place of its stream costs, from 0. */
export function spendOn({ cpu_us: each, growth_us: more, garbage_kb: kb }: ChunkFlaws['chunk'], place: number): void {
  const us = each + more * place;
  if (us > 0) blockEventLoop(us / 1000);
  if (kb > 0) garbage = Array.from({ length: Math.ceil(kb / 8) }, () => new Array<number>(1024).fill(place));
}

/** The last that was thrown away: it keeps the work from being optimised out. */
export const lastGarbage = (): unknown => garbage;
