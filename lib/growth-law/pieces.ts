import { ascending, medianOf } from '../statistics';

/** One measurement: a value at a size. Points of one round were taken at about the same time. */
export interface Point {
  round: number;
  size: number;
  value: number;
}

/** All points of one size, or of sizes near each other. */
export interface Piece {
  size: number;
  points: readonly Point[];
}

/** A piece's mean value. */
export interface PieceMean {
  size: number;
  value: number;
  n: number;
}

/** Sizes that differ are pieces of their own up to so many; beyond, neighbours are put together into fewer. */
const mostSizes = 40;
const piecesOfMany = 16;

/**
 * Points by size, the smallest first. Outliers are drawn in: a value further than three standard deviations (estimated
 * as 1.4826 times the median absolute deviation: Hampel, Journal of the American Statistical Association 69, 1974) from
 * its piece's median becomes the value at that distance.
 */
export function piecesOf(points: readonly Point[]): Piece[] {
  const sorted = [...points].sort((a, b) => a.size - b.size);
  const sizes = new Set(sorted.map(({ size }) => size)).size;
  const groups: Point[][] = [];
  if (sizes <= mostSizes) {
    for (const point of sorted) {
      const last = groups[groups.length - 1];
      if (last && last[0]!.size === point.size) last.push(point);
      else groups.push([point]);
    }
  } else {
    for (let i = 0; i < piecesOfMany; i++) {
      const [from, to] = [i, i + 1].map((k) => Math.floor((k * sorted.length) / piecesOfMany)) as [number, number];
      groups.push(sorted.slice(from, to));
    }
  }
  return groups
    .filter((group) => group.length > 0)
    .map((group) => ({
      size: group.reduce((sum, { size }) => sum + size, 0) / group.length,
      points: drawnIn(group),
    }));
}

function drawnIn(points: readonly Point[]): Point[] {
  const middle = medianOf(points.map(({ value }) => value))!;
  const deviations = ascending(points.map(({ value }) => Math.abs(value - middle)));
  const reach = 3 * 1.4826 * medianOf(deviations)!;
  return points.map((point) => ({
    ...point,
    value: Math.min(Math.max(point.value, middle - reach), middle + reach),
  }));
}

/** The mean of each piece, with each round counted so often as `times` says (once without); pieces without are left out. */
export function pieceMeans(pieces: readonly Piece[], times?: ReadonlyMap<number, number>): PieceMean[] {
  return pieces.flatMap(({ size, points }) => {
    let [n, sum] = [0, 0];
    for (const { round, value } of points) {
      const often = times ? (times.get(round) ?? 0) : 1;
      n += often;
      sum += often * value;
    }
    return n > 0 ? [{ size, value: sum / n, n }] : [];
  });
}
