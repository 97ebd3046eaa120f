import { phases, type Load, type PhasePlan } from '../../load';
import { random, shuffled, type Random } from '../../statistics';
import {
  drawnTexts,
  madeUpKey,
  prompt,
  promptOfTokens,
  singleEmbedding,
  type Call,
  type ChatCall,
  type Workload,
} from '../../workload';
import { aggressorOf, aggressors, quiet, type Aggressor } from './aggressors';

/*
 * What `interference` sends: groups of eight at the same moment. The first is the aggressor's, the others are bystanders:
 * they need the process and nothing else. In every third group one of them is a victim. There are seven because a gateway
 * may have several workers: some of the bystanders must come to the aggressor's worker, and after it.
 */

/** Requests in a group. */
export const groupSize = 8;
const rounds = 2;

/** Each aggressor has a phase in each round, in an order that is drawn for the round. */
export function interferenceLoad({ seed }: { seed: number }): Load {
  const plan: Record<string, PhasePlan> = {};
  for (let round = 1; round <= rounds; round++) {
    for (const name of shuffled([quiet, ...aggressors], random(seed, round)))
      plan[`${name}-${round}`] = { rate: 2 * groupSize, for: '40s' };
  }
  return phases(plan);
}

const chat = (draws: Random, size: string, plain: boolean): ChatCall => ({ ...prompt('small', draws), size, plain });

const bystander = (): Call => ({
  kind: 'refused',
  size: 'bystander',
  method: 'GET',
  route: 'no-such-route',
  wanted: [404, 405, 401, 403],
});

const calls: Record<Aggressor, (draws: Random) => Call> = {
  stream: (draws) => chat(draws, 'aggressor', false),
  plain: (draws) => chat(draws, 'aggressor', true),
  embedding: (draws) => ({ ...singleEmbedding(draws), size: 'aggressor' }),
  batch: (draws) => ({ kind: 'embedding', size: 'aggressor', texts: drawnTexts(96, draws) }),
  list: () => ({ kind: 'models', size: 'aggressor' }),
  refused: () => ({ kind: 'refused', size: 'aggressor', key: madeUpKey, wanted: [401, 403], body: '{}' }),
  large: (draws) => ({ ...promptOfTokens(32_000, draws), size: 'aggressor' }),
};

const victims: readonly ((draws: Random) => Call)[] = [
  (draws) => chat(draws, 'victim', false),
  (draws) => chat(draws, 'victim', true),
  (draws) => ({ ...singleEmbedding(draws), size: 'victim' }),
  () => ({ kind: 'models', size: 'victim' }),
];

export const interferenceWorkload: Workload = {
  kinds: ['chat', 'embedding', 'models'],
  fixed: true,
  next(draws, phase, place = 0) {
    const inGroup = place % groupSize;
    const aggressor = aggressorOf(phase);
    if (inGroup === 0 && aggressor !== quiet) return calls[aggressor as Aggressor](draws);
    const group = Math.floor(place / groupSize);
    if (inGroup < groupSize - 1 || group % 3 !== 2) return bystander();
    return victims[Math.floor(group / 3) % victims.length]!(draws);
  },
};
