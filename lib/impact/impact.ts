import { ascending, differenceNeeds, holm, medianOf, meanOf, normalQuantile, pValue, wilson } from '../statistics';

/*
 * Who hurts whom: what requests of one kind (the aggressors) do to those of another (the victims), and for how long each
 * aggressor's call keeps the process from everything else.
 */

export interface Change {
  value: number;
  interval: [number, number];
  /** The chance of such a change where there is none, corrected for the number of cells. */
  p: number;
  /** Samples on the smaller side. */
  n: number;
}

/** One cell of the matrix. */
export interface Cell {
  victim: string;
  aggressor: string;
  now: readonly number[];
  before: readonly number[];
}

/** A cell with its change; undefined where there are too few samples. */
export interface JudgedCell extends Cell {
  change: Change | undefined;
}

/**
 * Median of `now` less median of `before` at a confidence: each median's interval lies between two of its order statistics
 * (binomial, normal approximation), and the two are put together by MOVER (Zou and Donner, Statistics in Medicine 27,
 * 2008).
 */
function changeOf(now: readonly number[], before: readonly number[], confidence = 0.95) {
  const [a, b] = [middle(now, confidence), middle(before, confidence)];
  const value = a.middle - b.middle;
  return {
    value,
    low: value - Math.hypot(a.middle - a.low, b.high - b.middle),
    high: value + Math.hypot(a.high - a.middle, b.middle - b.low),
  };
}

function middle(values: readonly number[], confidence: number) {
  const sorted = ascending(values);
  const spread = normalQuantile(0.5 + confidence / 2) * Math.sqrt(sorted.length / 4);
  const at = (rank: number) => sorted[Math.min(sorted.length, Math.max(1, rank)) - 1]!;
  return {
    middle: medianOf(sorted)!,
    low: at(Math.floor(sorted.length / 2 - spread)),
    high: at(Math.ceil(sorted.length / 2 + spread) + 1),
  };
}

/** All cells, their p-values corrected for their number by Holm's method. */
export function matrixOf(cells: readonly Cell[]): JudgedCell[] {
  const enough = ({ now, before }: Cell) => Math.min(now.length, before.length) >= differenceNeeds;
  const judged = cells.filter(enough);
  const corrected = holm(
    judged.map(({ now, before }) => ({ p: pValue((confidence) => changeOf(now, before, confidence)), weight: 1 })),
  );
  return cells.map((cell) => {
    const at = judged.indexOf(cell);
    if (at < 0) return { ...cell, change: undefined };
    const { value, low, high } = changeOf(cell.now, cell.before);
    const n = Math.min(cell.now.length, cell.before.length);
    return { ...cell, change: { value, interval: [low, high], p: corrected[at]!, n } };
  });
}

/** What was seen at one moment: requests that all were sent at once, an aggressor's among them or none. */
export interface Moment {
  /** ms since the start. */
  at: number;
  /** How long those took that need the process and nothing else, ms. */
  waits: readonly number[];
}

/**
 * For how long a call keeps its process from everything else, ms: the longest that bystanders of one moment waited, with
 * the call among them less without it, by medians. Of several workers those bystanders wait that share the call's.
 */
export function blockOf(withCall: readonly Moment[], without: readonly Moment[]): Change | undefined {
  const longest = (moments: readonly Moment[]) =>
    moments.filter(({ waits }) => waits.length > 0).map(({ waits }) => Math.max(...waits));
  return matrixOf([{ victim: 'bystander', aggressor: 'call', now: longest(withCall), before: longest(without) }])[0]!
    .change;
}

/** Stalls that come by themselves. */
export interface Stalls {
  /** How long one lasts, and how often one comes, ms. */
  length: number;
  every: number;
  /** The 95 % interval of `every`, by the share of the moments that fell into one. */
  between: [number, number];
  /** Moments that fell into one. */
  seen: number;
}

/** Bystanders that wait so much longer than usual were in a stall, ms; and so many moments make no chance of it. */
const stall = { least: 10, seen: 4 };

/**
 * The moments that came when the requests of earlier ones had gone: where those keep the process for so long that the next
 * ones wait behind them, they are at fault, and nobody else. `starts`: when requests were sent, ms. A moment's requests keep
 * the process for as long as its last bystander usually waits.
 */
export function apartFromEarlier(moments: readonly Moment[], starts: readonly number[]): Moment[] {
  const takes = medianOf(moments.flatMap(({ waits }) => (waits.length > 0 ? [Math.max(...waits)] : []))) ?? 0;
  const apart = new Set<number>();
  let freeAt = -Infinity;
  for (const at of ascending([...new Set(starts)])) {
    if (at >= freeAt) apart.add(at);
    freeAt = Math.max(freeAt, at) + takes;
  }
  return moments.filter(({ at }) => apart.has(at));
}

/**
 * Stalls with no request at fault, by moments that had none: a moment falls into one with the probability length /
 * every, and then waits half its length on average (the residual life of a renewal process). Undefined where hardly any
 * moment did.
 */
export function stallsIn(moments: readonly Moment[]): Stalls | undefined {
  const waits = moments.flatMap(({ waits: all }) => (all.length > 0 ? [Math.min(...all)] : []));
  const usual = medianOf(waits);
  if (usual === undefined) return undefined;
  const hit = waits.map((wait) => wait - usual).filter((wait) => wait > stall.least);
  if (hit.length < stall.seen) return undefined;
  const length = 2 * meanOf(hit)!;
  const [least, most] = wilson(hit.length, waits.length);
  return {
    length,
    every: (length * waits.length) / hit.length,
    between: [length / most, length / least],
    seen: hit.length,
  };
}
