import type { Parameters } from '../config';
import type { Context } from '../findings';
import { placeInRound } from '../pairs';
import type { Call } from '../workload';
import type { Feature } from './test';

/** Which case an arrival has, and in which round: each round has every case once, in random order. */
export interface Turn<C> {
  case: C;
  round: number;
  /** Which of the block's requests it is, from 0. */
  within: number;
  phase: string;
  /** The request's own id: no other of this run or another has it. */
  id: string;
}

/**
 * Arrivals come in rounds over cases (a randomised block design), and `make` gives the call of each. A case may name its
 * model. `block`: so many arrivals one after the other have the same case, where what a case does to the target must not
 * be undone by another.
 */
export function inCases<C extends object>(
  casesOf: (p: Parameters) => readonly C[],
  make: (turn: Turn<C>, context: Context) => Call,
  block = 1,
): Feature {
  let known: readonly C[] | undefined;
  const cases = (p: Parameters) => (known ??= casesOf(p));
  const placeOf = (index: number, p: Parameters) => placeInRound(cases(p), p.seed, Math.floor(index / block));
  return {
    plan(draft) {
      const { p } = draft;
      const example = (drawn: C, phase: string) =>
        make({ case: drawn, round: 0, within: 0, phase, id: 'example' }, { p, run: '' });
      draft.workload = {
        ...draft.workload,
        example: ({ below }, phase) => example(cases(p)[below(cases(p).length)]!, phase),
      };
    },
    choose(choice, { p }) {
      const { round, item } = placeOf(choice.arrival.index, p);
      choice.draw = round;
      if ('model' in item && typeof item.model === 'string') choice.models = [item.model];
    },
    shape(_, id, context, { index, phase }) {
      const { round, item } = placeOf(index, context.p);
      return make({ case: item, round, within: index % block, phase, id }, context);
    },
  };
}
