import { random } from '../statistics';

/**
 * A randomised block design: arrivals come in rounds of one for each item, in a random order that is drawn for each
 * round (Fisher and Yates' shuffle), so that what changes with time falls on all items alike. `index` counts arrivals
 * from 0.
 */
export function placeInRound<T>(items: readonly T[], seed: number, index: number): { round: number; item: T } {
  const round = Math.floor(index / items.length);
  const order = [...items];
  const draws = random(seed ^ 0x5bd1e995, round); // apart from those of the round's call
  for (let i = order.length - 1; i > 0; i--) {
    const j = draws.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return { round, item: order[index % items.length]! };
}
