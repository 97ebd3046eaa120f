import { medianOf } from '../statistics';
import { failuresByOutcome, rateOf, refuses, servedAtOnce, serviceTime, type Ladder, type Rung } from './rungs';
import { scalability, type Scalability } from './scalability';

/*
 * Where a ladder ends: the number in flight, or per second, that more requests do not raise.
 */

/** What one kind of request came to. */
export interface Ceiling {
  kind: string;
  /** The most in flight that was offered. */
  offered: number;
  /** Mean time of a request by itself, ms. */
  service: number;
  /** Requests that ended well, per second: the highest rate, or the usual one of the rungs that refuse. */
  rate: number;
  /** The highest rate of all rungs, per second. */
  highest: number;
  /** Requests that ended well in the highest rung, per second, as they were counted: no more than the client could send. */
  answered: number;
  /** What the target does with more: it has no limit that showed, has them wait, or refuses them. */
  beyond: 'no limit' | 'waits' | 'refuses';
  /** Truly served at once at most, and the lowest and highest of the rungs that show it. */
  served: number;
  between: [number, number];
  /** The outcome that most refused requests had. */
  refusal?: string;
  /** The most in flight of which (almost) none was refused, and the fewest of which some were. */
  refused?: [number, number];
  /** The rate at the two highest rungs by the highest of all: far under 1 it collapses. */
  kept: number;
  /** What a request that no route serves takes where hardly anything is beside it, ms; NaN where none was sent. */
  bystanderAlone: number;
  /** How much longer than alone a request that no route serves takes beside them, in the rungs that show the limit, ms. */
  bystanderWait: number;
  /** How much longer than alone the requests themselves take there, ms. */
  wait: number;
  law?: Scalability;
}

/** A rung shows a limit when so much less is served at once than is in flight. */
const held = 0.65;

/**
 * A rung shows no limit where one above it serves so many times as many a second: what it met is chance, such as a provider
 * that stalled while three requests were sent one after the other.
 */
const surpassed = 1.5;

/** A wait that is shorter is no limit, but how times vary, ms. */
const felt = 1;

/**
 * Undefined where no rung was answered. `alone`: what a bystander takes by itself, ms, where other ladders tell it too: in
 * this one the first may have been sent beside many.
 */
export function ceilingOf(ladder: Ladder, alone?: number): Ceiling | undefined {
  const service = serviceTime(ladder);
  const { kind, rungs } = ladder;
  if (Number.isNaN(service)) return undefined;
  const top = rungs[rungs.length - 1]!;
  const rates = rungs.map(rateOf);
  const highest = Math.max(...rates);
  const refusals = rungs.filter(refuses);
  const waiting = rungs.filter(
    (rung, i) =>
      servedAtOnce(rung, service) < held * rung.inFlight &&
      rung.mean - service > felt &&
      Math.max(...rates.slice(i)) < surpassed * rates[i]!,
  );
  const limited = refusals.length > 0 ? refusals : waiting;
  const counted = limited.map((rung) => servedAtOnce(rung, service));
  const served = limited.length > 0 ? medianOf(counted)! : top.inFlight;
  const shows = limited.length > 0 ? limited : [top];
  const typical = (of: (rung: Rung) => number) =>
    medianOf(shows.map(of).filter((value) => !Number.isNaN(value))) ?? NaN;
  const base = alone ?? rungs.find((rung) => !Number.isNaN(rung.bystander))?.bystander ?? NaN;
  return {
    kind,
    service,
    rate: refusals.length > 0 ? typical(rateOf) : highest,
    highest,
    served,
    offered: top.inFlight,
    answered: top.ok > 0 ? top.ok / (top.seconds + top.mean / 1000) : 0,
    beyond: refusals.length > 0 ? 'refuses' : waiting.length > 0 ? 'waits' : 'no limit',
    between: limited.length > 0 ? [Math.min(...counted), Math.max(...counted)] : [served, served],
    refusal: refusalOf(refusals),
    refused: refusals.length > 0 ? bracketOf(rungs) : undefined,
    kept: Math.max(...rates.slice(-2)) / highest,
    bystanderAlone: base,
    bystanderWait: Math.max(
      0,
      typical(({ bystander }) => bystander - base),
    ),
    wait: Math.max(
      0,
      typical(({ mean }) => mean - service),
    ),
    law: scalability(rungs.map((rung, i) => ({ inFlight: rung.inFlight, rate: rates[i]! }))),
  };
}

function bracketOf(rungs: readonly Rung[]): [number, number] {
  const first = rungs.findIndex(refuses);
  return [rungs[first - 1]?.inFlight ?? 0, rungs[first]!.inFlight];
}

const refusalOf = (refusals: readonly Rung[]): string | undefined =>
  Object.entries(failuresByOutcome(refusals)).sort(([, a], [, b]) => b - a)[0]?.[0];
