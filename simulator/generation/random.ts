import type { Range } from '../settings/types';

/** A source of numbers in [0, 1). */
export type Random = () => number;

/**
 * mulberry32: small, fast, seeded. The n-th request of a run draws the same numbers in every run with the same seed.
 */
export function seededRandom(seed: number, sequence: number): Random {
  let state = (seed ^ Math.imul(sequence + 1, 0x9e3779b1)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A value from a range, in the range's own unit; a plain number is itself. */
export function draw(range: Range, random: Random): number {
  if (typeof range === 'number') return range;
  const [low, high] = range;
  return low + (high - low) * random();
}
