import { jump, phaseStats, type Arrival } from 'k6/x/sse';
import { isBroken, type Breaking, type Context } from '../findings';
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
