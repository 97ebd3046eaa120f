import { random, shuffled } from '../statistics';

/**
 * A randomised block design: arrivals come in rounds of one for each item, in a random order that is drawn for each
 * round (`shuffled`), so that what changes with time falls on all items alike. `index` counts arrivals
 * from 0.
 */
export function placeInRound<T>(items: readonly T[], seed: number, index: number): { round: number; item: T } {
  const round = Math.floor(index / items.length);
  const order = shuffled(items, random(seed ^ 0x5bd1e995, round)); // apart from those of the round's call
  return { round, item: order[index % items.length]! };
}
