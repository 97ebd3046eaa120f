import type { ScheduleDef, Segment } from 'k6/x/sse';
import { ParameterError, seconds, type Parameters } from '../config';

/**
 * One phase of a load as the plan has it: climb to `rate` within `in`, then hold it `for`; or hold so many requests in
 * flight. Times are k6 durations.
 */
export type PhasePlan = RatePlan | HoldPlan;

/** A phase that holds a number of requests in flight: who ends is followed by the next. */
export interface HoldPlan {
  inFlight: number;
  for: string;
}

/** A phase of a rate, whatever the target makes of it. */
export interface RatePlan {
  /** Requests per second. */
  rate: number;
  /** Time of the straight climb (or descent) from the phase before; a sudden step when left out. */
  in?: string;
  for: string;
  /** The plan's number of concurrent users, where it names one: told, and compared with Little's law. */
  users?: number;
}

export interface Phase {
  name: string;
  /** Requests per second; 0 in a phase that holds a number in flight. */
  rate: number;
  /** Requests held in flight, where that is what the phase holds. */
  inFlight?: number;
  climbSeconds: number;
  holdSeconds: number;
  users?: number;
}

/** A load: phases in order. */
export type Load = readonly Phase[];

/** Names are used as values of the tag `phase`. */
export function phases(plan: Readonly<Record<string, PhasePlan>>): Load {
  return Object.entries(plan).map(([name, phase]) => {
    const hold = seconds(phase.for);
    const climb = 'in' in phase && phase.in !== undefined ? seconds(phase.in) : 0;
    if (hold === undefined || climb === undefined)
      throw new Error(`phase ${name}: for and in are durations like 30s or 5m`);
    if ('inFlight' in phase) return { name, rate: 0, inFlight: phase.inFlight, climbSeconds: 0, holdSeconds: hold };
    return { name, rate: phase.rate, climbSeconds: climb, holdSeconds: hold, users: phase.users };
  });
}

/** How long the load lasts, with all climbs, seconds. */
export function totalSeconds(load: Load): number {
  return load.reduce((sum, phase) => sum + phase.climbSeconds + phase.holdSeconds, 0);
}

/** The highest rate that a phase of the load has, requests per second. */
export function topRate(load: Load): number {
  return Math.max(...load.map((phase) => phase.rate));
}

/** The most requests that a phase of the load holds in flight; 0 where all phases have a rate. */
export function mostHeld(load: Load): number {
  return Math.max(0, ...load.map((phase) => phase.inFlight ?? 0));
}

/**
 * The load as the parameters want it: SCALE and RATE on rates, SCALE on numbers in flight, TIME_SCALE and DURATION on
 * times, proportions kept.
 */
export function scaled(load: Load, p: Pick<Parameters, 'scale' | 'timeScale' | 'rate' | 'duration'>): Load {
  const held = mostHeld(load);
  if (p.rate !== undefined && held > 0)
    throw new ParameterError(
      `RATE cannot be used here: this load holds up to ${held} requests in flight, at whatever rate that is. SCALE changes the number`,
    );
  const byRate = p.rate === undefined ? p.scale : p.rate / topRate(load);
  const byTime = p.duration === undefined ? p.timeScale : p.duration / totalSeconds(load);
  const result = load.map((phase) => ({
    name: phase.name,
    rate: phase.rate * byRate,
    inFlight: phase.inFlight === undefined ? undefined : Math.max(1, Math.round(phase.inFlight * p.scale)),
    climbSeconds: phase.climbSeconds * byTime,
    holdSeconds: phase.holdSeconds * byTime,
    users: phase.users === undefined ? undefined : phase.users * byRate,
  }));
  if (held === 0 && arrivals(result) < 1) {
    throw new ParameterError(
      `these parameters make less than one request in ${round(totalSeconds(result))} s at ${round(topRate(result))}/s: raise SCALE, RATE, TIME_SCALE or DURATION`,
    );
  }
  return result;
}

/** Requests that the load asks for: the area under the rate. How many a number in flight makes is not known before. */
export function arrivals(load: Load): number {
  let before = 0;
  let area = 0;
  for (const phase of load) {
    area += ((before + phase.rate) / 2) * phase.climbSeconds + phase.rate * phase.holdSeconds;
    before = phase.rate;
  }
  return area;
}

/**
 * The schedule for the Go module. The first climb begins at 0. `burst`: constant arrivals in groups of so many at once.
 */
export function schedule(load: Load, kind: ScheduleDef['arrivals'], seed: number, burst?: number): ScheduleDef {
  const segments: Segment[] = [];
  const inFlight = load.flatMap((phase) =>
    phase.inFlight === undefined ? [] : [[phase.name, phase.inFlight] as const],
  );
  let before = 0;
  for (const { name, rate, climbSeconds, holdSeconds } of load) {
    if (climbSeconds > 0) segments.push({ phase: name, from: before, to: rate, seconds: climbSeconds });
    if (holdSeconds > 0) segments.push({ phase: name, from: rate, to: rate, seconds: holdSeconds });
    before = rate;
  }
  // With users instead of arrivals every one of them sends without pause.
  if (inFlight.length === 0 || kind === 'closed') return { arrivals: kind, seed, burst, segments };
  return { arrivals: kind, seed, burst, segments, inFlight: Object.fromEntries(inFlight) };
}

/** Three significant digits, without an exponent, for sentences. */
export function round(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
