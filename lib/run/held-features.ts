import { jump, phaseStats } from 'k6/x/sse';
import { seconds } from '../config';
import { note, notes } from '../journal';
import { joined, type ChatCall } from '../workload';
import { detail } from './refusal';
import type { Feature } from './test';

/*
 * What scripts do that hold requests in flight, for `with: [...]` of a test.
 */

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
    messages: call.messages.map((each) => ({
      ...each,
      content: joined(each.content, ' [[sim fault=hang_before]]', 'behind'),
    })),
  });
  return {
    plan(draft) {
      stretch = draft.stretch;
    },
    shape(call, _, { p }) {
      if (call.kind !== 'chat' || call.size !== size) return call;
      return {
        ...(p.providerUrl === undefined ? call : hung(call)),
        cancelAfterMs: Math.round(ms * stretch) + filling,
      };
    },
  };
}

/** Places fill with calls that hang in this time, ms, whatever the load's length: their rate is always the same. */
const filling = 1500;

/** Twice as many in flight that answer less than so much more show that there is no more to be had. */
const gain = 1.1;

/** A rung that answers so many a second is beyond all that the plan asks for (stress: 500/s). */
const plenty = 1000;

/**
 * The rungs of each of these ladders are the phases `<kind>-<number>`: when two of them in a row have gained next to
 * nothing, or one answers more than anybody wants, the load goes on with `<kind>-again`. More in flight would only wait,
 * and take the time of the run, and the CPU of the generator. Requests that last longer than a rung are answered in later
 * ones, so what ends in it says nothing of what it could carry.
 */
export function climbing(kinds: readonly string[]): Feature {
  let phases: string[] = [];
  let seconds: number[] = [];
  const statsOf = (phase: string) => phaseStats(phase, 'llm_e2e_scheduled');
  const answered = (phase: string) => {
    const { ended, failed } = statsOf(phase);
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
      const flat =
        a && b && c && b < gain * a && c < gain * b && statsOf(phases[at - 3]!).p50 < 1000 * seconds[at - 3]!;
      if (flat || (c && c > plenty * seconds[at - 1]!)) jump(`${kind}-again`);
    },
  };
}

/**
 * Of the requests of these phases that failed, the first are noted with what the target said and when. A name that ends
 * with a hyphen stands for all phases that begin so.
 */
export function notingFailures(phases: readonly string[]): Feature {
  const counts = new Map<string, number>();
  const isMeant = (phase: string) =>
    phases.some((each) => (each.endsWith('-') ? phase.startsWith(each) : phase === each));
  return {
    answered(answer, { arrival: { phase }, call }) {
      const { outcome, status, error, end } = answer;
      if (outcome === 'ok' || outcome === 'cancelled' || outcome === 'interrupted' || !isMeant(phase)) return;
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
