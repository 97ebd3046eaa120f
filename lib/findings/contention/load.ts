import type { Parameters } from '../../config';
import { phases, type Load, type PhasePlan } from '../../load';
import type { Random } from '../../statistics';
import { type Kind, madeUpKey, prompt, singleEmbedding, type Call, type ChatCall, type Workload } from '../../workload';
import { bystander } from '../bystander';
import { againOf, ladderKinds, oneKey, type LadderKind } from './kinds';

/*
 * What `contention` sends: a ladder for each kind of request, hang-ups, and calls that hang beside others.
 */

const numbers = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
/** Where hang-ups are looked for again: more than most pools have. */
const afterwards = 256;

const rungOf = (kind: string, inFlight: number) => `${kind}-${inFlight}`;

/** Rungs up to the plan's 500 users (SCALE of them), then what is left after hang-ups, then calls that hang. */
export function ladderLoad({ scale, apiKeys, kinds }: Parameters): Load {
  const scaled = (n: number) => Math.max(1, Math.round(n * scale));
  // Phases are named by the number that they hold: of those that SCALE makes alike there is one.
  const rungs = numbers.filter((n, i) => scaled(n) !== scaled(numbers[i - 1] ?? 0) || i === 0);
  const plan: Record<string, PhasePlan> = {};
  const asked = [...ladderKinds, ...(apiKeys.length > 1 ? [oneKey] : [])].filter((kind) => isAsked(kind, kinds));
  for (const kind of asked) {
    for (const n of rungs) plan[rungOf(kind, scaled(n))] = { inFlight: n, for: '10s' };
    plan[againOf(kind)] = { inFlight: 1, for: '10s' };
  }
  // SCALE is of the users: so few a second as these would show nothing.
  const always = (rate: number) => rate / scale;
  plan['hang-ups'] = { rate: always(40), for: '10s' };
  plan['after-hang-ups'] = { inFlight: afterwards, for: '10s' };
  plan.before = { rate: always(24), for: '20s' };
  plan.hung = { rate: always(24), for: '40s' };
  plan.after = { rate: always(24), for: '40s' };
  return phases(plan);
}

/** How long a client holds a call that hangs, ms at the load's full length: longer than SQLAlchemy's pool waits (30 s). */
export const heldMs = 36_000;
/** A client that hangs up does so after so long, ms. */
const hangUpAfter = 50;

/** One in so many requests of a rung is one that no route serves. */
const bystanders = 16;

const chat = (random: Random, size: string, plain: boolean): ChatCall => ({ ...prompt('small', random), size, plain });

const calls: Record<LadderKind, (random: Random) => Call> = {
  stream: (random) => chat(random, 'stream', false),
  plain: (random) => chat(random, 'plain', true),
  [oneKey]: (random) => chat(random, 'plain', true),
  embedding: (random) => singleEmbedding(random),
  list: () => ({ kind: 'models', size: 'list' }),
  refused: () => ({ kind: 'refused', size: 'wrong key', key: madeUpKey, wanted: [401, 403], body: '{}' }),
};

/** The kind that a phase is about. */
export function kindOf(phase: string): LadderKind | undefined {
  const kinds: LadderKind[] = [...ladderKinds, oneKey];
  return kinds.find((kind) => phase.startsWith(`${kind}-`));
}

/** Whether KINDS lets a ladder be; `refused` is a chat that is refused. */
function isAsked(kind: LadderKind, kinds: readonly Kind[] | undefined): boolean {
  const named: Partial<Record<LadderKind, Kind>> = { embedding: 'embedding', list: 'models' };
  return kinds === undefined || kinds.includes(named[kind] ?? 'chat');
}

/** Two in three are plain calls, which may hang; the others are a stream or a list. */
function besideHung(random: Random, hangs: boolean, lists: boolean): Call {
  if (random.below(3) > 0) return chat(random, hangs ? 'hung' : 'held', true);
  return random.below(2) === 0 || !lists ? chat(random, 'beside', false) : { kind: 'models', size: 'beside' };
}

const allKinds: readonly Kind[] = ['chat', 'embedding', 'models'];

function workloadOf(kinds: readonly Kind[]): Workload {
  const lists = kinds.includes('models');
  return {
    kinds,
    fixed: true,
    next(random, phase): Call {
      if (phase === 'before' || phase === 'hung' || phase === 'after')
        return besideHung(random, phase === 'hung', lists);
      if (phase === 'hang-ups') return { ...chat(random, 'hang-up', true), cancelAfterMs: hangUpAfter };
      return random.below(bystanders) === 0 ? bystander : calls[kindOf(phase) ?? 'plain'](random);
    },
    only: (some) => ({ workload: workloadOf(kinds.filter((kind) => some.includes(kind))), left: 1 }),
  };
}

export const contentionWorkload: Workload = workloadOf(allKinds);
