import { medianOf } from './quantiles';
import { reach } from './student';

/*
 * Does it grow? A straight line through readings of a process's memory is nearly always "significant": successive
 * readings are not independent, and the usual interval of a regression supposes that they are (Granger, Newbold:
 * Spurious regressions in econometrics, 1974). So the series is taken for a random walk with drift: it is cut into
 * blocks, and what counts are the steps from one block's median to the next. Their mean is the growth, and Student's t
 * gives its interval. A leak makes equal steps, and a narrow interval; a start that levels off makes unequal ones, and
 * a wide one.
 */

export interface Growth {
  /** Units an hour. */
  per_hour: number;
  /** Its 95 % interval. */
  interval: [number, number];
  /** The first reading, before any warm-up. */
  began: number;
  /** The median of the first block. */
  from: number;
  /** The median of the last. */
  to: number;
  /** From the middle of the first block to that of the last. */
  seconds: number;
}

export interface Reading {
  /** Seconds. */
  t: number;
  value: number;
}

/** Readings are needed for so many blocks of three at least. */
const blocksAtLeast = 5;
const blocksAtMost = 12;
const inBlock = 3;
/** A process warms up: this share of the readings' time is not looked at, but no more than so many seconds. */
export const warmUp = { share: 0.25, atMost: 600 } as const;
/** Readings that {@link growth} needs. */
export const growthNeeds = Math.ceil((blocksAtLeast * inBlock) / (1 - warmUp.share));

/** How the later part of a series grows; undefined with fewer than {@link growthNeeds} readings. In order of time. */
export function growth(readings: readonly Reading[]): Growth | undefined {
  if (readings.length < growthNeeds) return undefined;
  const first = readings[0]!.t;
  const span = readings[readings.length - 1]!.t - first;
  const late = readings.filter(({ t }) => t >= first + Math.min(span * warmUp.share, warmUp.atMost));
  const blocks = Math.min(blocksAtMost, Math.floor(late.length / inBlock));
  if (blocks < blocksAtLeast) return undefined;
  const levels = Array.from({ length: blocks }, (_, i) => {
    const part = late.slice(Math.floor((i * late.length) / blocks), Math.floor(((i + 1) * late.length) / blocks));
    return {
      t: part.reduce((sum, { t }) => sum + t, 0) / part.length,
      value: medianOf(part.map(({ value }) => value))!,
    };
  });
  const [from, to] = [levels[0]!, levels[blocks - 1]!];
  const seconds = to.t - from.t;
  if (seconds <= 0) return undefined;
  const steps = levels.slice(1).map(({ t, value }, i) => (value - levels[i]!.value) / Math.max(t - levels[i]!.t, 1e-9));
  const mean = (to.value - from.value) / seconds;
  const variance = steps.reduce((sum, step) => sum + (step - mean) ** 2, 0) / (steps.length - 1);
  const spread = reach(0.95, steps.length - 1) * Math.sqrt(variance / steps.length);
  return {
    per_hour: mean * 3600,
    interval: [(mean - spread) * 3600, (mean + spread) * 3600],
    began: readings[0]!.value,
    from: from.value,
    to: to.value,
    seconds,
  };
}
