import { jump, phaseStats, type Arrival } from 'k6/x/sse';
import { seconds } from '../config';
import { isBroken, type Breaking, type Context } from '../findings';
import { note, notes } from '../journal';
import { placeInRound, round, topRate } from '../load';
import type { ChatCall } from '../workload';
import { detail } from './refusal';
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
 * The client waits so long (a duration like 60s) for the first byte, where no parameter says how long, whatever the
 * load's length: a client that gives up first hides what the target does with requests that wait.
 */
export function waitingFor(duration: string): Feature {
  const first = 1000 * (seconds(duration) ?? NaN);
  return {
    parameters(p) {
      if (p.timeoutsGiven.length === 0) p.timeouts = { first, idle: first, total: 2 * first };
    },
    plan(draft) {
      draft.timeouts = draft.p.timeouts;
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

/** All requests of the phases whose name begins so have the first key. */
export function withOneKey(beginning: string): Feature {
  return {
    choose(choice) {
      if (choice.arrival.phase.startsWith(beginning)) choice.turn = 0;
    },
  };
}

/**
 * Chats of this size hang at the simulated provider, where that is behind the gateway (PROVIDER_URL), and their clients
 * hang up after so many ms, scaled with the load's durations: no longer than the phases behind have to look at them.
 */
export function hanging(size: string, ms: number): Feature {
  let stretch = 1;
  const hung = (call: ChatCall): ChatCall => ({
    ...call,
    messages: call.messages.map((each) => ({ ...each, content: `${each.content} [[sim fault=hang_before]]` })),
  });
  return {
    plan(draft) {
      stretch = draft.stretch;
    },
    shape(call, _, { p }) {
      if (call.kind !== 'chat' || call.size !== size) return call;
      return { ...(p.providerUrl === undefined ? call : hung(call)), cancelAfterMs: Math.round(ms * stretch) };
    },
  };
}

/** Twice as many in flight that answer less than so much more show that there is no more to be had. */
const gain = 1.1;

/** A rung that answers so many a second is beyond all that the plan asks for (stress: 500/s). */
const plenty = 1000;

/**
 * The rungs of each of these ladders are the phases `<kind>-<number>`: when two of them in a row have gained next to
 * nothing, or one answers more than anybody wants, the load goes on with `<kind>-again`. More in flight would only wait,
 * and take the time of the run, and the CPU of the generator.
 */
export function climbing(kinds: readonly string[]): Feature {
  let phases: string[] = [];
  let seconds: number[] = [];
  const answered = (phase: string) => {
    const { ended, failed } = phaseStats(phase, 'llm_e2e_scheduled');
    return ended - failed;
  };
  return {
    plan(draft) {
      phases = draft.load.map(({ name }) => name);
      seconds = draft.load.map(({ holdSeconds }) => holdSeconds);
    },
    phaseBegins(phase) {
      const kind = kinds.find((each) => phase.startsWith(`${each}-`) && phase !== `${each}-again`);
      if (kind === undefined) return;
      const at = phases.indexOf(phase);
      const [a, b, c] = phases
        .slice(Math.max(0, at - 3), at)
        .map((each) => (each.startsWith(`${kind}-`) ? answered(each) : 0));
      const flat = a && b && c && b < gain * a && c < gain * b;
      if (flat || (c && c > plenty * seconds[at - 1]!)) jump(`${kind}-again`);
    },
  };
}

/** Of the requests of these phases that failed, the first are noted with what the target said and when. */
export function notingFailures(phases: readonly string[]): Feature {
  const counts = new Map<string, number>();
  return {
    answered(answer, { arrival: { phase }, call }) {
      const { outcome, status, error, end } = answer;
      if (outcome === 'ok' || outcome === 'cancelled' || outcome === 'interrupted' || !phases.includes(phase)) return;
      const key = `${phase} ${call.size} ${outcome}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count <= failuresNoted)
        note('failure', { phase, size: call.size, outcome, status, error: detail(answer) || error, end });
    },
    observe(evidence) {
      evidence.failures = notes('failure').kept;
    },
  };
}

/** In each VU, of each kind. */
const failuresNoted = 20;
