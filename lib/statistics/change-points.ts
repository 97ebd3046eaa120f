import { random, shuffled } from './random';

/*
 * Where a series changes its level or its spread for good, without any distribution supposed: E-Divisive (Matteson and
 * James, A nonparametric approach for multiple change point analysis of multivariate data, Journal of the American
 * Statistical Association 109, 2014), as it is used for histories of performance tests (Daly et al., The use of change
 * point detection to identify software performance regressions in a continuous integration system, ICPE 2020).
 */

export interface ChangePoint {
  /** The first value of the new level. */
  index: number;
  /** The chance of so large a change among values that only vary by chance, by permutations. */
  p: number;
}

export interface ChangeOptions {
  /** Values between two changes at least. */
  between?: number;
  /** A change with a larger p is none. */
  significance?: number;
  permutations?: number;
  /** Of the permutations: the same seed and values give the same changes. */
  seed?: number;
}

/** Fewest values in which a change can be significant at all with the usual options. */
export const changesNeed = 12;

interface Split {
  /** Where the second part begins. */
  at: number;
  /** The larger, the more the parts differ. */
  strength: number;
}

/**
 * The change points of a series in order of time, each with its significance. The strongest split is tested first, then
 * the strongest of the parts that it leaves, until one is not significant.
 */
export function changePoints(
  values: readonly number[],
  { between = 3, significance = 0.01, permutations = 999, seed = 1 }: ChangeOptions = {},
): ChangePoint[] {
  const found: ChangePoint[] = [];
  for (;;) {
    const edges = [0, ...found.map(({ index }) => index).sort((a, b) => a - b), values.length];
    const segments = edges.slice(1).map((to, i) => values.slice(edges[i]!, to));
    const best = strongest(segments, between);
    if (!best) break;
    const draws = random(seed, found.length);
    let reached = 0;
    for (let i = 0; i < permutations; i++) {
      const byChance = strongest(
        segments.map((segment) => shuffled(segment, draws)),
        between,
      );
      if (byChance && byChance.strength >= best.strength * (1 - 1e-12)) reached++;
      // It cannot become significant any more.
      if ((reached + 1) / (permutations + 1) > significance) break;
    }
    const p = (reached + 1) / (permutations + 1);
    if (p > significance) break;
    found.push({ index: edges[best.segment]! + best.at, p });
  }
  return found.sort((a, b) => a.index - b.index);
}

function strongest(segments: readonly number[][], between: number): (Split & { segment: number }) | undefined {
  let best: (Split & { segment: number }) | undefined;
  segments.forEach((values, segment) => {
    const split = strongestSplit(values, between);
    if (split && (!best || split.strength > best.strength)) best = { ...split, segment };
  });
  return best;
}

/**
 * The split with the largest energy distance between its two parts, times m n / (m + n); undefined where none fits. The
 * second part may end before the values do: else a level that rises and falls again would look like none.
 */
function strongestSplit(values: readonly number[], between: number): Split | undefined {
  const n = values.length;
  if (n < 2 * between) return undefined;
  const sums = distanceSums(values);
  const from = (rows: number, to: number) => sums[rows * n + to]!;
  let within = 0;
  let best: Split | undefined;
  for (let at = 1; at <= n - between; at++) {
    within += from(at - 1, at - 1);
    if (at < between) continue;
    let [across, beyond] = [0, 0];
    for (let last = at; last < n; last++) {
      across += from(at, last);
      beyond += from(last, last) - from(at, last);
      const [m, k] = [at, last - at + 1];
      if (k < between) continue;
      const energy = (2 * across) / (m * k) - (2 * within) / (m * (m - 1)) - (2 * beyond) / (k * (k - 1));
      const strength = ((m * k) / (m + k)) * energy;
      if (!best || strength > best.strength) best = { at, strength };
    }
  }
  return best;
}

/** At [rows * n + to]: the distances of value `to` to the first `rows` values, added up. */
function distanceSums(values: readonly number[]): Float64Array {
  const n = values.length;
  const sums = new Float64Array((n + 1) * n);
  for (let rows = 1; rows <= n; rows++)
    for (let to = 0; to < n; to++)
      sums[rows * n + to] = sums[(rows - 1) * n + to]! + Math.abs(values[rows - 1]! - values[to]!);
  return sums;
}
