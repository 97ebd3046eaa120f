import { jump, phaseStats, type Arrival } from 'k6/x/sse';
import { seconds } from '../config';
import { isBroken, type Breaking, type Context } from '../findings';
import { round, topRate } from '../load';
import { placeInRound } from '../pairs';
import type { Feature } from './test';

/*
 * What scripts do beside loading, measuring and judging, for `with: [...]` of a test.
 */

/**
 * Asks these models where the user names none (MODEL, MODELS): in turn, or the one that `choose` picks for an arrival.
 */
export function acrossModels(
  models: readonly string[],
  choose?: (arrival: Arrival, models: readonly string[]) => string,
): Feature {
  return {
    parameters(p, { given }) {
      if (!given('MODEL') && !given('MODELS')) p.models = [...models];
    },
    choose: choose && ((choice) => void (choice.models = [choose(choice.arrival, choice.models)])),
  };
}

/**
 * Arrivals come in rounds of one for each model, in random order and with the same call: a randomised block design, so
 * that what changes with time falls on all models alike.
 */
export function inRounds(): Feature {
  return {
    choose(choice, { p }) {
      const { round, item } = placeInRound(p.models, p.seed, choice.arrival.index);
      choice.draw = round;
      choice.models = [item];
    },
  };
}

/** Requests come in groups of so many at the same instant, at the same mean rate. */
export function inBursts(size: number): Feature {
  return {
    plan(draft) {
      draft.burst = size;
    },
  };
}

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

/** Does something when a phase begins, before its first request is sent, and takes it back when the load is over. */
export function onPhases(begin: (phase: string, context: Context) => void, end: (context: Context) => void): Feature {
  return { phaseBegins: begin, loadEnds: end };
}

/** A load that climbs step by step until one of them breaks its limits: it then goes on with phase `goOn` at once. */
export function untilBroken(limits: Breaking, goOn: string): Feature {
  return {
    plan(draft) {
      draft.mayBreak = true;
    },
    answered(_, { arrival: { phase } }) {
      if (!limits.steps.includes(phase)) return;
      const { ended, failed, p99 } = phaseStats(phase, 'llm_e2e_scheduled');
      if (isBroken({ ended, failed, p99 }, limits)) jump(goOn);
    },
  };
}
