import type { ScheduleDef, Segment } from 'k6/x/sse';
import { ParameterError, seconds, type Parameters } from '../config';

/** One phase of a load as the plan has it: climb to `rate` within `in`, then hold it `for`. Times are k6 durations. */
export interface PhasePlan {
  /** Requests per second. */
  rate: number;
  /** Time of the straight climb (or descent) from the phase before; a sudden step when left out. */
  in?: string;
  for: string;
  /** The plan's number of concurrent users, where it names one: told, and held against Little's law. */
  users?: number;
}

export interface Phase {
  name: string;
  rate: number;
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
    const climb = phase.in === undefined ? 0 : seconds(phase.in);
    if (hold === undefined || climb === undefined)
      throw new Error(`phase ${name}: for and in are durations like 30s or 5m`);
    return { name, rate: phase.rate, climbSeconds: climb, holdSeconds: hold, users: phase.users };
  });
}

export function totalSeconds(load: Load): number {
  return load.reduce((sum, phase) => sum + phase.climbSeconds + phase.holdSeconds, 0);
}

export function topRate(load: Load): number {
  return Math.max(...load.map((phase) => phase.rate));
}

/** The load as the parameters want it: SCALE and RATE on rates, TIME_SCALE and DURATION on times, proportions kept. */
export function scaled(load: Load, p: Pick<Parameters, 'scale' | 'timeScale' | 'rate' | 'duration'>): Load {
  const byRate = p.rate === undefined ? p.scale : p.rate / topRate(load);
  const byTime = p.duration === undefined ? p.timeScale : p.duration / totalSeconds(load);
  const result = load.map((phase) => ({
    name: phase.name,
    rate: phase.rate * byRate,
    climbSeconds: phase.climbSeconds * byTime,
    holdSeconds: phase.holdSeconds * byTime,
    users: phase.users === undefined ? undefined : phase.users * byRate,
  }));
  if (arrivals(result) < 1) {
    throw new ParameterError(
      `these parameters make less than one request in ${round(totalSeconds(result))} s at ${round(topRate(result))}/s: raise SCALE, RATE, TIME_SCALE or DURATION`,
    );
  }
  return result;
}

/** Requests that the load asks for: the area under the rate. */
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
  let before = 0;
  for (const { name, rate, climbSeconds, holdSeconds } of load) {
    if (climbSeconds > 0) segments.push({ phase: name, from: before, to: rate, seconds: climbSeconds });
    if (holdSeconds > 0) segments.push({ phase: name, from: rate, to: rate, seconds: holdSeconds });
    before = rate;
  }
  return { arrivals: kind, seed, burst, segments };
}

export function round(value: number): string {
  return Number(value.toPrecision(3)).toString();
}
