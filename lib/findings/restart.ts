import { phases } from '../load';
import type { Finding } from '../measurements';
import { ascending, meanOf, medianOf, quantileOf } from '../statistics';
import type { RequestNote, RestartNote } from '../truth';
import { findings, type Observed } from './observed';
import { together, type First, type Payers } from './preparation';

/*
 * A target that is stopped and started again under load, several times: how what was under way ends, what is refused and
 * lost meanwhile, when it answers again, and what the first requests cost then.
 */

const times = 3;
/** At the beginning of these phases the target is stopped and started again. */
export const restartPhases = Array.from({ length: times }, (_, i) => `restart-${i + 1}`);
const before = 'before';

export const restartLoad = phases({
  [before]: { rate: 10, for: '1m' },
  ...Object.fromEntries(restartPhases.map((name) => [name, { rate: 10, for: '5m' }])),
});

/** A phase is looked at again when this share of it is over: the plan's 60 s of 5 min. */
const settledFrom = 0.2;

/** Everything that the script `restart` finds. */
export const restartFindings = findings(
  ['under-way-at-the-stop', 'refused-meanwhile', 'time-to-ready', 'first-requests', 'stampede', 'settled'],
  ({ requests, restarts = [], phases: all }: Observed) => {
    const usual = usualTimes(requests.filter(({ phase }) => phase === before));
    const seen = restartPhases.flatMap((phase, i) => {
      const earlier = all[all.findIndex((each) => each.phase === phase) - 1];
      return once(phase, requests, { hook: restarts[i], from: earlier && 1000 * earlier.end_s }, usual);
    });
    if (seen.length === 0) return [];
    return [underWay(seen), meanwhile(seen), ready(seen), ...firsts(seen), settled(seen)];
  },
  'phases in which the target was started anew',
);

/** What requests take while nothing is wrong: the median, and how far the slowest twentieth is above it, ms. */
interface Usual {
  median: number;
  spread: number;
}

/** One restart, as its requests show it. Times are ms since the schedule's start. */
interface Seen {
  /** Requests under way when the stop was asked for. */
  underWay: readonly RequestNote[];
  /** Sent after that, and before it answered again. */
  meanwhile: readonly RequestNote[];
  hook?: RestartNote;
  /** Seconds from the start of the new process (or from the first refusal) to the first request that was answered well. */
  readyS?: number;
  firsts: First[];
  /** Requests of the phase's later part. */
  later: readonly RequestNote[];
}

/** Models and ways of asking are apart: a plain call takes longer than a first token. */
const kindOf = ({ model, plain }: RequestNote) => `${model} ${plain ? 'plain' : 'stream'}`;
const timeOf = ({ plain, ttft, e2e }: RequestNote) => (plain ? e2e : ttft);
const good = ({ outcome }: RequestNote) => outcome === 'ok';

function usualTimes(requests: readonly RequestNote[]): (note: RequestNote) => Usual | undefined {
  const times = new Map<string, number[]>();
  for (const note of requests.filter(good)) times.set(kindOf(note), [...(times.get(kindOf(note)) ?? []), timeOf(note)]);
  const usual = new Map(
    [...times].map(([kind, values]): [string, Usual] => {
      const median = medianOf(values)!;
      return [kind, { median, spread: quantileOf(ascending(values), 0.95)! - median }];
    }),
  );
  return (note) => usual.get(kindOf(note));
}

function once(
  phase: string,
  requests: readonly RequestNote[],
  { hook, from }: { hook: RestartNote | undefined; from: number | undefined },
  usual: (note: RequestNote) => Usual | undefined,
): Seen[] {
  const own = requests.filter((note) => note.phase === phase).sort((a, b) => a.sent - b.sent);
  const [first, last] = [own[0], own[own.length - 1]];
  if (!first || !last) return [];
  // The hook was called between the end of the phase before and the first request of this one: what is cut off at once has
  // ended by then.
  const asked = first.sent;
  const earliest = Math.min(from ?? asked, asked);
  const refused = own.find((note) => !good(note));
  const down = hook?.stopped_ms !== undefined ? asked + hook.stopped_ms : refused?.sent;
  const up = down === undefined ? undefined : own.find((note) => good(note) && note.sent >= down);
  const began = hook?.started_ms !== undefined ? asked + hook.started_ms : down;
  // How long it takes to be ready is judged by itself.
  const settledAt = Math.max(asked + settledFrom * (last.sent - asked), up?.sent ?? 0);
  const later = own.filter(({ sent }) => sent >= settledAt);
  return [
    {
      underWay: requests.filter(({ sent, end }) => sent < asked && sent + end > earliest),
      meanwhile: own.filter(({ sent }) => sent < (up?.sent ?? asked)),
      hook,
      readyS: up && began !== undefined ? Math.max(0, up.sent - began) / 1000 : undefined,
      firsts: up
        ? firstOf(
            own.filter((note) => good(note) && note.sent >= up.sent),
            usual,
          )
        : [],
      later,
    },
  ];
}

/** By how many times the usual spread a first request must be late, and by how many ms at the least, to be one that prepares. */
const standsOut = { spreads: 3, least: 20 };

function firstOf(after: readonly RequestNote[], usual: (note: RequestNote) => Usual | undefined): First[] {
  const excess = (note: RequestNote) => timeOf(note) - (usual(note)?.median ?? Infinity);
  return [...new Set(after.map(({ model }) => model))].flatMap((model) => {
    const own = after.filter((note) => note.model === model && usual(note) !== undefined);
    const first = own[0];
    if (!first) return [];
    const [lasted, more] = [timeOf(first), excess(first)];
    const payers = (from: number, to: number, share: number): Payers => {
      const sent = own.filter((note) => note.sent >= first.sent + from && note.sent < first.sent + to);
      return { paid: count(sent, (note) => excess(note) > share * more), of: sent.length };
    };
    return [
      {
        model,
        excess: more,
        standsOut: more > Math.max(standsOut.least, standsOut.spreads * usual(first)!.spread),
        ...payers(0, lasted, 1 / 2),
        // What it costs is how long it is prepared. Who waits until that has ended has less than half of it left then.
        late: payers(more / 2, more, 3 / 4),
        after: payers(lasted, 2 * lasted, 1 / 2),
      },
    ];
  });
}

const figure = (value: number) =>
  Math.abs(value) >= 100 ? Math.round(value).toString() : Number(value.toPrecision(2)).toString();
const count = (notes: readonly RequestNote[], of: (note: RequestNote) => boolean) => notes.filter(of).length;

/** What waits for nothing but the network ends within this time: it was about to end anyway. */
function underWay(seen: readonly Seen[]): Finding {
  const all = seen.flatMap((each) => each.underWay);
  const streams = all.filter(({ plain }) => !plain);
  const cut = count(all, (note) => !good(note));
  const codes = seen.flatMap(({ hook }) =>
    hook?.stopped_ms === undefined
      ? []
      : [`after ${figure(hook.stopped_ms / 1000)} s with ${hook.signal ?? `exit code ${hook.code ?? '?'}`}`],
  );
  const ended = codes.length > 0 ? `; the process ended ${codes.join(', ')}` : '';
  return {
    id: 'under-way-at-the-stop',
    value: cut,
    unit: 'requests',
    n: all.length,
    text: `of ${all.length} requests under way at ${seen.length} stops ${all.length - cut} ended in order and ${cut} were cut off; of ${streams.length} streams ${count(streams, (note) => !good(note))}${ended}`,
  };
}

function meanwhile(seen: readonly Seen[]): Finding {
  const all = seen.flatMap((each) => each.meanwhile);
  // Who is told to come later has lost nothing.
  const isRefused = ({ outcome, status }: RequestNote) => outcome === 'connect' || status === 429 || status === 503;
  const refused = count(all, (note) => !good(note) && isRefused(note));
  const lost = count(all, (note) => !good(note)) - refused;
  return {
    id: 'refused-meanwhile',
    value: all.length > 0 ? lost / all.length : 0,
    unit: 'share',
    n: all.length,
    text: `of ${all.length} requests that were sent between a stop and the first good answer after it ${refused} were refused and ${lost} were lost`,
  };
}

function ready(seen: readonly Seen[]): Finding {
  const known = seen.flatMap(({ readyS }) => readyS ?? []);
  const value = known.length > 0 ? Math.max(...known) : null;
  const never = seen.length - known.length;
  return {
    id: 'time-to-ready',
    value,
    unit: 's',
    n: known.length,
    missed: never === seen.length && seen.some(({ meanwhile: sent }) => sent.length > 0),
    text:
      value === null
        ? 'no stop was seen: no request failed in the phases in which the target was to be started anew'
        : `ready ${figure(value)} s after the start at most, ${figure(meanOf(known)!)} s on average${never > 0 ? `; in ${never} of ${seen.length} phases no stop was seen` : ''}`,
  };
}

function firsts(seen: readonly Seen[]): Finding[] {
  const all = seen.flatMap((each) => each.firsts);
  if (all.length === 0) return [];
  const worst = all.reduce((a, b) => (b.excess > a.excess ? b : a));
  const each = medianOf(all.map(({ excess }) => excess))!;
  return [
    {
      id: 'first-requests',
      value: worst.excess,
      unit: 'ms',
      n: all.length,
      text:
        each > 0
          ? `the first request of a model after a start takes ${figure(each)} ms more than usual (median of ${all.length}), ${figure(worst.excess)} ms at most (${worst.model})`
          : `the first request of a model after a start takes no longer than usual (${figure(Math.abs(each))} ms less, median of ${all.length})`,
    },
    together(all),
  ];
}

function settled(seen: readonly Seen[]): Finding {
  // What a stop cuts off is told as that.
  const atStops = new Set(seen.flatMap((each) => each.underWay));
  const all = seen.flatMap(({ later }) => later.filter((note) => !atStops.has(note)));
  const failed = count(all, (note) => !good(note) && note.outcome !== 'interrupted');
  const value = all.length > 0 ? failed / all.length : null;
  return {
    id: 'settled',
    value,
    unit: 'share',
    n: all.length,
    text: `of ${all.length} requests from a fifth of each phase on (60 s in the plan's length), when it was ready, ${failed} failed`,
  };
}
