import type { Parameters } from '../config';
import type { Context } from '../findings';
import { placeInRound } from '../pairs';
import type { Call } from '../workload';
import type { Feature } from './test';

/** Which case an arrival has, and in which round: each round has every case once, in random order. */
export interface Turn<C> {
  case: C;
  round: number;
  /** The request's own id: no other of this run or another has it. */
  id: string;
}

/**
 * Arrivals come in rounds over cases (a randomised block design), and `make` gives the call of each. A case may name its
 * model.
 */
export function inCases<C extends { model?: string }>(
  casesOf: (p: Parameters) => readonly C[],
  make: (turn: Turn<C>, context: Context) => Call,
): Feature {
  let cases: readonly C[] | undefined;
  const placeOf = (index: number, p: Parameters) => placeInRound((cases ??= casesOf(p)), p.seed, index);
  return {
    choose(choice, { p }) {
      const { round, item } = placeOf(choice.arrival.index, p);
      choice.draw = round;
      if (item.model !== undefined) choice.models = [item.model];
    },
    shape(_, id, context, { index }) {
      const { round, item } = placeOf(index, context.p);
      return make({ case: item, round, id }, context);
    },
  };
}
