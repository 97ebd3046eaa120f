import { lookAlphas, random } from '../../../lib/statistics';
import type { Comparison, Settings } from '../compare/comparison';
import { compare, type ReadRun } from '../compare/judge';

/** The two sides; the floor has the base twice. */
export type SideName = 'base' | 'new';

/** Makes one block of load against one side; undefined where its instrument was in doubt, so that it does not count. */
export type Block = (side: SideName, name: string) => Promise<ReadRun | undefined>;

export interface Plan {
  /** Pairs of the base against itself, made first. */
  floorPairs: number;
  /** Pairs at most. */
  pairsAtMost: number;
  settings: Settings;
  /** Of the order within the pairs. */
  seed: number;
  /** True: somebody asked to stop. */
  stopped(): boolean;
  /** One line of progress. */
  say(line: string): void;
}

/** What `npm run ab -- --format json` writes. Schema: `ab.schema.json`; a test compares the two. */
export interface Experiment {
  /** The base against itself: the difference that this machine and target show where there is none. */
  floor: Comparison;
  /** The base against the new one, with all pairs so far. */
  result: Comparison;
  /** How often the result was looked at: after so many pairs, with this part of alpha. */
  looks: { pairs: number; alpha: number; verdict: Comparison['verdict'] }[];
  /** Pairs that did not count, since the instrument was in doubt. */
  dropped: number;
  /** Why it ended, in words. */
  ended: string;
}

/** Fewest pairs of which anything can be said: their differences have three degrees of freedom. */
export const pairsAtLeast = 4;
/** The floor calls the machine unsteady by mistake once in a hundred experiments. */
const floorAlpha = 0.01;

/** After how many pairs the result is looked at: a quarter, a half, three quarters and all of them, not before four. */
export function looksOf(pairsAtMost: number): number[] {
  const at = [0.25, 0.5, 0.75, 1].map((part) => Math.max(pairsAtLeast, Math.ceil(part * pairsAtMost)));
  return [...new Set(at.filter((pairs) => pairs <= pairsAtMost))];
}

/**
 * A randomised block design: pairs of blocks, one of each side, in random order within the pair. It ends as soon as it is
 * decided; the looks share alpha (lookAlphas).
 */
export async function experiment(block: Block, plan: Plan): Promise<Experiment> {
  const { next } = random(plan.seed, 0);
  const { settings, say } = plan;
  let dropped = 0;
  const pairs = async (wanted: number, sides: readonly [SideName, SideName], name: string) => {
    const made: [ReadRun, ReadRun][] = [];
    // A pair that does not count is made again, as often as pairs are wanted at most.
    for (let i = 0; made.length < wanted && i < 2 * wanted && !plan.stopped(); i++) {
      const swapped = next() < 0.5;
      const order = swapped ? [1, 0] : [0, 1];
      const runs: (ReadRun | undefined)[] = [];
      for (const side of order) runs[side] = await block(sides[side]!, `${name}-${i + 1}-${'ab'[side]}`);
      if (plan.stopped()) break;
      if (runs[0] && runs[1]) made.push([runs[0], runs[1]]);
      else dropped++;
    }
    return made;
  };

  const against = await pairs(plan.floorPairs, ['base', 'base'], 'floor');
  const floor = compared(against, { ...settings, alpha: floorAlpha }, floorAlpha);
  const all: [ReadRun, ReadRun][] = [];
  const looks: Experiment['looks'] = [];
  const end = (ended: string): Experiment => ({
    floor,
    result: explained(floor, looks.at(-1) ? result! : compared(all, settings, settings.alpha), settings),
    looks,
    dropped,
    ended,
  });
  let result: Comparison | undefined;
  if (plan.stopped()) return end('it was stopped before the two sides were compared');
  if (floor.verdict === 'worse' || floor.verdict === 'better') return end('the base differs from itself');
  const at = looksOf(plan.pairsAtMost);
  const alphas = lookAlphas(settings.alpha, at, plan.pairsAtMost);
  for (const [i, wanted] of at.entries()) {
    all.push(...(await pairs(wanted - all.length, ['base', 'new'], `look${i + 1}`)));
    if (plan.stopped()) return end('it was stopped');
    if (all.length < wanted) return end('too many blocks did not count: the instrument was in doubt');
    result = compared(all, settings, alphas[i]!);
    looks.push({ pairs: all.length, alpha: alphas[i]!, verdict: result.verdict });
    say(`after ${all.length} pairs: ${result.verdict}`);
    if (result.verdict !== 'too little evidence') return end(`it was decided after ${all.length} pairs`);
  }
  return end('the limit was reached');
}

function compared(pairs: readonly [ReadRun, ReadRun][], settings: Settings, alpha: number): Comparison {
  const [base, now] = [pairs.map((pair) => pair[0]), pairs.map((pair) => pair[1])];
  if (pairs.length === 0) return empty(settings);
  return compare(base, now, settings, [], { paired: true, alpha });
}

function empty(settings: Settings): Comparison {
  const side = { runs: [], commit: '', target: '' };
  return {
    schema: 1,
    verdict: 'too little evidence',
    reasons: ['no pair of blocks was made'],
    notes: [],
    base: side,
    new: side,
    settings,
    figures: [],
  };
}

/** The result as it may be told: a base that differs from itself says nothing about the new side. */
function explained(floor: Comparison, result: Comparison, settings: Settings): Comparison {
  const told = {
    ...result,
    settings: {
      ...settings,
      correction: `${settings.correction}; the looks at the experiment share alpha by Lan and DeMets' spending of Pocock's kind`,
    },
  };
  if (floor.verdict !== 'worse' && floor.verdict !== 'better') return told;
  return {
    ...told,
    verdict: 'not comparable',
    reasons: [
      'the base differs from itself, so that machine or target were not steady enough',
      ...floor.reasons.map((reason) => `base against base: ${reason}`),
    ],
  };
}
