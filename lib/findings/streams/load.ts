import type { Parameters } from '../../config';
import { phases, type Load, type PhasePlan } from '../../load';
import type { Random } from '../../statistics';
import { longAnswer, type Call, type Workload } from '../../workload';
import { bystander } from '../bystander';
import { hangUp } from './names';

/*
 * What `streams` sends: so many streams held at once, a pause, all that begin at once, a quiet time, streams whose clients
 * leave, another quiet time, and the same once more.
 */

/** Streams at once: the plan asks for 1,000 and more. */
const numbers = [100, 250, 500, 1000, 2000];
/** Clients that leave, a second. */
const leaving = 200;

/** The load of the script `streams`, in the order that the comment above tells; SCALE changes the streams alone. */
export function streamsLoad({ scale }: Parameters): Load {
  const plan: Record<string, PhasePlan> = {};
  for (const n of numbers) plan[`held-${Math.max(1, Math.round(n * scale))}`] = { inFlight: n, for: '60s' };
  // SCALE is of the streams: fewer lists would show nothing.
  plan.pause = { rate: 2 / scale, for: '40s' };
  // Before the hang-ups: the provider remembers so many requests, and theirs are asked for at the end.
  plan.avalanche = { inFlight: numbers[numbers.length - 1]!, for: '10m' };
  // Long enough for some readings of the target's page.
  plan.quiet = { rate: 2 / scale, for: '100s' };
  // Twice: what is kept for good grows in both rounds.
  plan['hang-ups'] = { rate: leaving / scale, for: '40s' };
  plan.rest = { rate: 2 / scale, for: '100s' };
  plan['hang-ups-again'] = { rate: leaving / scale, for: '40s' };
  plan['rest-again'] = { rate: 2 / scale, for: '100s' };
  return phases(plan);
}

/** Pieces of content after which it does. */
const leavesAfter = 8;
/** Tokens of an answer. */
const tokens = 300;
/** One in so many requests is one that no route serves: it needs the process and nothing else. */
const bystanders = 8;

export const streamsWorkload: Workload = {
  kinds: ['chat', 'models'],
  fixed: true,
  next(random: Random, phase: string): Call {
    if (phase === 'pause' || phase === 'quiet' || phase.startsWith('rest')) return { kind: 'models', size: 'list' };
    if (phase.startsWith('hang-ups'))
      return longAnswer(tokens, random.below(7), { size: hangUp, plain: false, cancelAfter: leavesAfter });
    if (random.below(bystanders) === 0) return bystander;
    return longAnswer(tokens, random.below(7), { size: 'stream', plain: false, maxTokens: tokens });
  },
};
