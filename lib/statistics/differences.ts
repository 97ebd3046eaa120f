import { intervalOf, medianOf } from './quantiles';
import { ascending } from './samples';

/** A difference with its 95 % interval. */
export interface Difference {
  value: number;
  interval: [number, number];
}

/** Samples that a median's interval needs on each side. */
export const differenceNeeds = 12;

/**
 * Median of `now` minus median of `then`, with a 95 % interval; undefined with too few samples. Each median's own
 * interval is between two of its order statistics (binomial, free of any distribution); the difference's is put
 * together from the two by MOVER: L = d - sqrt((m1 - l1)^2 + (u2 - m2)^2), U = d + sqrt((u1 - m1)^2 + (m2 - l2)^2) (Zou
 * and Donner, Statistics in Medicine 27, 2008).
 */
export function medianDifference(now: readonly number[], then: readonly number[]): Difference | undefined {
  if (now.length < differenceNeeds || then.length < differenceNeeds) return undefined;
  const [a, b] = [middle(now), middle(then)];
  const value = a.middle - b.middle;
  return {
    value,
    interval: [
      value - Math.hypot(a.middle - a.low, b.high - b.middle),
      value + Math.hypot(a.high - a.middle, b.middle - b.low),
    ],
  };
}

function middle(values: readonly number[]): { middle: number; low: number; high: number } {
  const [low, high] = intervalOf(ascending(values), 0.5)!;
  return { middle: medianOf(values)!, low, high };
}
