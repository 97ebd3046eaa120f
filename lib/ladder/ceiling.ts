import { medianOf } from '../statistics';
import { rateOf, refuses, servedAtOnce, serviceTime, type Ladder, type Rung } from './rungs';
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
  /** The highest rate of requests that ended well, per second. */
  rate: number;
  /** What the target does with more: it has no limit that showed, has them wait, or refuses them. */
  beyond: 'no limit' | 'waits' | 'refuses';
  /** Truly served at once at most, and the lowest and highest of the rungs that show it. */
  served: number;
  between: [number, number];
  /** The outcome that most refused requests had. */
  refusal?: string;
  /** Rate at the highest rung by the highest of all: far under 1 it collapses. */
  kept: number;
  /** How much longer than alone a request that no route serves takes beside them at the end, ms. */
  bystanderWait: number;
  /** How much longer than alone the requests themselves take at the end, ms. */
  wait: number;
  law?: Scalability;
}

/** A rung shows a limit when so much less is served at once than is in flight. */
const held = 0.75;

/** Undefined where no rung was answered. */
export function ceilingOf(ladder: Ladder): Ceiling | undefined {
  const service = serviceTime(ladder);
  const { kind, rungs } = ladder;
  if (Number.isNaN(service)) return undefined;
  const top = rungs[rungs.length - 1]!;
  const rates = rungs.map(rateOf);
  const rate = Math.max(...rates);
  const refusals = rungs.filter(refuses);
  const waiting = rungs.filter((rung) => servedAtOnce(rung, service) < held * rung.inFlight);
  const limited = refusals.length > 0 ? refusals : waiting;
  // The highest of them are furthest from the bend; those of a collapse serve less than there is room for.
  const counted = limited.map((rung) => servedAtOnce(rung, service));
  const served = limited.length > 0 ? medianOf(counted)! : top.inFlight;
  const base = rungs.find((rung) => !Number.isNaN(rung.bystander))?.bystander ?? NaN;
  return {
    kind,
    service,
    rate,
    served,
    offered: top.inFlight,
    beyond: refusals.length > 0 ? 'refuses' : waiting.length > 0 ? 'waits' : 'no limit',
    between: limited.length > 0 ? [Math.min(...counted), Math.max(...counted)] : [served, served],
    refusal: refusalOf(refusals),
    kept: rates[rates.length - 1]! / rate,
    bystanderWait: Number.isNaN(top.bystander) ? NaN : Math.max(0, top.bystander - base),
    wait: Math.max(0, top.mean - service),
    law: scalability(rungs.map((rung, i) => ({ inFlight: rung.inFlight, rate: rates[i]! }))),
  };
}

function refusalOf(refusals: readonly Rung[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { failed } of refusals)
    for (const [outcome, count] of Object.entries(failed)) counts.set(outcome, (counts.get(outcome) ?? 0) + count);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
