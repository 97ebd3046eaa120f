import { meanOf, sumOf } from './samples';
import { reach } from './student';

/** A straight line through points: y = base + slope x. */
export interface Line {
  base: number;
  slope: number;
  /** Of the slope, 95 %. */
  interval: [number, number];
  n: number;
}

/** Points that {@link lineThrough} needs, at two different x at the least. */
const lineNeeds = 4;

/**
 * The line of least squares through points, with the interval of its slope by Student's t (n - 2 degrees of freedom;
 * Draper and Smith, Applied Regression Analysis, 1998, chapter 1.4); undefined with fewer than {@link lineNeeds} points or
 * one x alone.
 */
export function lineThrough(points: readonly { x: number; y: number }[]): Line | undefined {
  const n = points.length;
  if (n < lineNeeds) return undefined;
  const [x, y] = [meanOf(points.map((each) => each.x))!, meanOf(points.map((each) => each.y))!];
  const spread = sumOf(points.map((each) => (each.x - x) ** 2));
  if (spread === 0) return undefined;
  const slope = sumOf(points.map((each) => (each.x - x) * (each.y - y))) / spread;
  const base = y - slope * x;
  const rest = sumOf(points.map((each) => (each.y - base - slope * each.x) ** 2)) / (n - 2);
  const error = reach(0.95, n - 2) * Math.sqrt(rest / spread);
  return { base, slope, interval: [slope - error, slope + error], n };
}
