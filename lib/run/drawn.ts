import { random } from '../statistics';
import type { Call, Workload } from '../workload';

/*
 * Calls that are drawn before the load, to say what it is going to be like.
 */

type Drawn = Map<string, Call[]>;

const known = new WeakMap<Workload, Drawn>();

/**
 * The call that a workload makes of the i-th draw of a seed in a phase. All that is told of a load before it looks at the
 * same draws, and a call may be a prompt of many thousand tokens, so each is drawn once. Not to be changed.
 */
export function drawnCall(workload: Workload, seed: number, i: number, phase: string): Call {
  let drawn = known.get(workload);
  if (!drawn) known.set(workload, (drawn = new Map()));
  const place = `${seed} ${phase}`;
  let calls = drawn.get(place);
  if (!calls) drawn.set(place, (calls = []));
  return (calls[i] ??= (workload.example ?? workload.next)(random(seed, i), phase));
}

/** Calls as a phase has them, the first so many. */
export function drawnCalls(workload: Workload, seed: number, count: number, phase: string): Call[] {
  return Array.from({ length: count }, (_, i) => drawnCall(workload, seed, i, phase));
}
