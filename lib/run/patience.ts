import { seconds } from '../config';
import { round, topRate } from '../load';
import type { Feature } from './test';

/*
 * How long clients wait, for `with: [...]` of a test, and what a load so short or small cannot show by that.
 */

/** The client gives up at the least after so many seconds without a byte, however short the load is made. */
const shortestPatience = 2;

/**
 * The client gives up after this time without a byte (a duration like 10s). It is scaled with the load's durations.
 * Other scripts wait longer (lib/openai). With less than `atLeast` the script cannot see what `unseen` says.
 */
export function givingUpAfter(duration: string, needed?: { atLeast: string; unseen: string }): Feature {
  const wanted = seconds(duration);
  if (wanted === undefined) throw new Error(`givingUpAfter: ${duration} is no duration like 10s`);
  return {
    plan(draft) {
      const patience = 1000 * Math.max(shortestPatience, wanted * draft.stretch);
      draft.timeouts = { first: patience, idle: patience, total: 120_000 };
      const enough = needed && seconds(needed.atLeast)!;
      if (enough !== undefined && patience < 1000 * enough)
        (draft.cautions ??= []).push(
          `at this length the clients give up after ${round(patience / 1000)} s instead of ${duration}: ${needed!.unseen}; TIME_SCALE=${round(enough / wanted)} and more shows it`,
        );
    },
  };
}

/**
 * The share `of` a phase's requests is held for as long as the clients are patient, so that at least so many are in
 * flight at once: fewer cannot show what `unseen` says. To stand after givingUpAfter().
 */
export function holdingAtOnce(
  least: number,
  { phase, of, unseen }: { phase: string; of: number; unseen: string },
): Feature {
  return {
    plan(draft) {
      const rate = draft.load.find(({ name }) => name === phase)?.rate ?? 0;
      const patience = (draft.timeouts?.first ?? 0) / 1000;
      const held = Math.floor(rate * of * patience);
      if (held < least)
        (draft.cautions ??= []).push(
          `in phase ${phase} about ${held} requests are held at once, fewer than ${least}: ${unseen}; RATE=${Math.ceil((topRate(draft.load) * least) / Math.max(1, held))} at this length shows it`,
        );
    },
  };
}
