import { ascending, medianOf, quantileOf } from '../../statistics';
import { alignment, type RequestNote } from '../../truth';
import type { Observed } from '../observed';

/*
 * How many calls were in flight at the providers while others were not let through: the size of what is shared, and who
 * holds it. Only the provider's record tells.
 */

/** A request that reaches no provider for so long waits inside the gateway, ms. */
const waitsFrom = 20;
/** Moments of waiting that it takes to say anything. */
const momentsNeeded = 8;

/** What was in flight at the moments at which a request began to wait in the gateway. */
export interface InFlight {
  moments: number;
  /** All calls, and plain calls alone, where their number stayed the same: the size of a pool. */
  total?: number;
  plain?: number;
  /** There was hardly ever more than one call in flight then. */
  oneByOne: boolean;
  /** Most streams that were in flight in the phase. */
  streams: number;
  /**
   * Whether streams under way went on meanwhile: a process that makes calls wait because it has no time left makes them
   * stand still too. Undefined where too few were under way while others waited.
   */
  flows?: boolean;
}

interface Interval {
  from: number;
  to: number;
  plain: boolean;
}

/** Undefined without a truth, or where too few requests waited. */
export function inFlightWhileWaiting({ requests, truth }: Observed, phase: string): InFlight | undefined {
  const offset = truth && alignment(requests, truth);
  if (!truth || offset === undefined) return undefined;
  const notes = new Map(requests.map((request) => [request.id, request]));
  const first = new Map<string, number>();
  const calls: Interval[] = [];
  for (const record of truth) {
    const note = record.id === null ? undefined : notes.get(record.id);
    if (!note) continue;
    const at = (ns: number) => ns / 1e6 - offset;
    const from = at(record.received_ns);
    const end = record.end_ns ?? record.client_gone_ns;
    calls.push({ from, to: end === null ? Infinity : at(end), plain: note.plain === true });
    first.set(note.id, Math.min(first.get(note.id) ?? Infinity, from));
  }
  const inPhase = requests.filter((request) => request.phase === phase);
  const waited = (request: RequestNote) => (first.get(request.id) ?? request.sent + request.end) - request.sent;
  const moments = inPhase
    .filter((request) => waited(request) >= waitsFrom)
    .map((request) => countAt(calls, request.sent + waitsFrom / 2));
  if (moments.length < momentsNeeded) return undefined;
  const begin = Math.min(...inPhase.map(({ sent }) => sent));
  const end = Math.max(...inPhase.map((request) => request.sent));
  const arrivals = calls.filter(({ from, plain }) => !plain && from >= begin && from <= end);
  return {
    moments: moments.length,
    oneByOne: quantileOf(ascending(moments.map(({ plain, streams }) => plain + streams)), 0.95)! <= 1,
    total: sizeOf(
      moments.map(({ plain, streams }) => plain + streams),
      calls,
    ),
    plain: sizeOf(
      moments.map(({ plain }) => plain),
      calls.filter(({ plain }) => plain),
    ),
    streams: Math.max(0, ...arrivals.map(({ from }) => countAt(calls, from).streams)),
    flows: streamsFlow(
      requests,
      requests
        .filter((request) => waited(request) >= waitsFrom)
        .map((request) => ({ from: request.sent, to: request.sent + waited(request) })),
    ),
  };
}

/**
 * Chunks of a process without time wait as requests do, or, where it serves all in turn, for a round: this share of their
 * waits is less than that.
 */
const round = 0.1;

/** Whether streams that ended well, and were under way while other requests waited, stood still for far shorter than those. */
function streamsFlow(
  requests: readonly RequestNote[],
  waiting: readonly { from: number; to: number }[],
): boolean | undefined {
  const times = union(waiting);
  const beside = requests.flatMap(({ plain, outcome, ttft, gap, gapMax, sent, e2e }) => {
    if (plain || outcome !== 'ok' || ttft < 0 || gap < 0 || gapMax < 0) return [];
    const middle = sent + (ttft + e2e) / 2;
    return times.some(({ from, to }) => from <= middle && middle < to) ? [{ middle, longer: gapMax - gap }] : [];
  });
  if (beside.length < momentsNeeded) return undefined;
  const [first, last] = [Math.min, Math.max].map((end) => end(...beside.map(({ middle }) => middle)));
  const waits = waiting.filter(({ from, to }) => from < last! && to > first!).map(({ from, to }) => to - from);
  return medianOf(beside.map(({ longer }) => longer))! < Math.max(waitsFrom / 2, round * medianOf(waits)!);
}

/** The times that these intervals cover, each once. */
function union(intervals: readonly { from: number; to: number }[]): { from: number; to: number }[] {
  const covered: { from: number; to: number }[] = [];
  for (const { from, to } of [...intervals].sort((a, b) => a.from - b.from)) {
    const last = covered[covered.length - 1];
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else covered.push({ from, to });
  }
  return covered;
}

/** By so much more at another time of the run, a number is not the size of a pool. */
const beyond = { share: 1.25, calls: 2 };

/** The number that stayed the same while calls waited, where there were never more of these calls in flight. */
function sizeOf(numbers: readonly number[], calls: readonly Interval[]): number | undefined {
  const size = steady(numbers);
  return size !== undefined && mostOf(calls) <= Math.max(beyond.share * size, size + beyond.calls) ? size : undefined;
}

/** The most of these that were in flight at once. */
function mostOf(calls: readonly Interval[]): number {
  const changes = calls
    .flatMap(({ from, to }) => [[from, 1] as const, [to, -1] as const])
    .sort(([a, one], [b, other]) => a - b || one - other);
  let [now, most] = [0, 0];
  for (const [, change] of changes) most = Math.max(most, (now += change));
  return most;
}

function countAt(calls: readonly Interval[], moment: number): { plain: number; streams: number } {
  let [plain, streams] = [0, 0];
  for (const call of calls) {
    if (call.from > moment || call.to <= moment) continue;
    if (call.plain) plain++;
    else streams++;
  }
  return { plain, streams };
}

/** The number that these numbers are, but for a few in passing; undefined where they are several. */
function steady(numbers: readonly number[]): number | undefined {
  const sorted = ascending(numbers);
  const most = quantileOf(sorted, 0.95)!;
  const least = quantileOf(sorted, 0.1)!;
  return most > 0 && most - least <= Math.max(1, 0.05 * most) ? most : undefined;
}
