import {
  differenceOf,
  normalQuantile,
  pValue,
  reach,
  weights,
  type Estimate,
  type Estimator,
} from '../../../lib/statistics';

/** How the same figure differs between two sides of one or several runs each. */
export interface Difference {
  base: Estimate;
  new: Estimate;
  /** new - base at any confidence. */
  at(confidence: number): Estimate;
  /** Not corrected for the number of figures. */
  p: number;
}

/** Repeats say how much runs of the same thing differ once this many degrees of freedom are there: three runs each. */
const repeatsFreedom = 4;
/** Pairs say it once there are four of them. */
const pairsFreedom = 3;
/** The chance with which the smallest effect, and the effect that is wanted, are to be shown. */
export const chance = 0.95;

/**
 * Compares the runs of both sides: each has at least one. `paired`: the i-th run of one side was made beside the i-th of
 * the other, so that what the machine and the time of day do to both is no difference.
 */
export function difference(base: readonly Estimator[], now: readonly Estimator[], paired = false): Difference {
  const between = paired ? betweenPairs(base, now) : betweenRuns(base, now);
  // Every run brings its own estimate of how its values depend on each other; the side with fewer runs sets the number.
  const beside = weights * (2 * Math.min(base.length, now.length) - 1);
  const at = (confidence: number): Estimate => {
    const within = differenceOf(side(now, confidence, beside), side(base, confidence, beside));
    if (!between) return within;
    const spread = reach(confidence, between.freedom) * between.error;
    const { value } = within;
    // What differs from run to run is seen by the repeats alone; what differs within a run by both.
    return {
      ...within,
      low: Math.min(finiteOr(within.low, value), value - spread),
      high: Math.max(finiteOr(within.high, value), value + spread),
      short: '',
    };
  };
  return { base: side(base, 0.95, beside), new: side(now, 0.95, beside), at, p: pValue(at) };
}

const finiteOr = (end: number, otherwise: number) => (Number.isFinite(end) ? end : otherwise);

/** The mean of a side's runs, with the interval that follows from what was seen within each of them. */
function side(runs: readonly Estimator[], confidence: number, beside: number): Estimate {
  const all = runs.map((run) => run(confidence, beside));
  const value = all.reduce((sum, each) => sum + each.value, 0) / all.length;
  const spread = (of: (each: Estimate) => number) => Math.hypot(...all.map(of)) / all.length;
  return {
    value,
    low: value - spread((each) => each.value - each.low),
    high: value + spread((each) => each.high - each.value),
    n: all.reduce((sum, each) => sum + each.n, 0),
    effective: all.reduce((sum, each) => sum + each.effective, 0),
    short: all.find((each) => each.short)?.short ?? '',
  };
}

/**
 * The standard error of the difference by how much the runs of one side differ, pooled over both sides (two-sample t
 * test); undefined with too few repeats.
 */
function betweenRuns(base: readonly Estimator[], now: readonly Estimator[]) {
  const freedom = base.length + now.length - 2;
  if (freedom < repeatsFreedom) return undefined;
  const squares = [base, now].map((runs) => {
    const values = runs.map((run) => run(0.95).value);
    const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
    return values.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  });
  const pooled = (squares[0]! + squares[1]!) / freedom;
  return { freedom, error: Math.sqrt(pooled * (1 / base.length + 1 / now.length)) };
}

/** The same by how much the differences of the pairs differ (paired t test). */
function betweenPairs(base: readonly Estimator[], now: readonly Estimator[]) {
  const differences = now.map((run, i) => run(0.95).value - base[i]!(0.95).value);
  const freedom = differences.length - 1;
  if (freedom < pairsFreedom) return undefined;
  const mean = differences.reduce((sum, each) => sum + each, 0) / differences.length;
  const squares = differences.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return { freedom, error: Math.sqrt(squares / freedom / differences.length) };
}

/**
 * The smallest true difference that would be called one with {@link chance}: significant at `alpha`, and measured above
 * `threshold`. Infinite where the interval is open.
 */
export function smallestShown({ at }: Pick<Difference, 'at'>, alpha: number, threshold: number): number {
  const { low, high } = at(1 - alpha);
  const half = (high - low) / 2;
  const error = half / reach(1 - alpha);
  const more = normalQuantile(chance) * error;
  return Math.max(half + more, threshold + more);
}

/**
 * By what the length of every run must be multiplied so that a true difference of `effect` is called one with {@link
 * chance}; undefined where nothing can be worked out, or where the threshold is not below the effect.
 */
export function lengthFactorFor(
  { at }: Pick<Difference, 'at'>,
  alpha: number,
  effect: number,
  threshold: number,
): number | undefined {
  if (!(effect > threshold)) return undefined;
  // Where the interval is open at this confidence, a lower one says how wide it would be in a longer run.
  const confidence = [1 - alpha, 0.95, 0.8, 0.5].find((each) => Number.isFinite(at(each).high - at(each).low));
  if (confidence === undefined) return undefined;
  const { low, high } = at(confidence);
  const error = (high - low) / 2 / reach(confidence);
  const more = normalQuantile(chance) * error;
  return Math.max((reach(1 - alpha) * error + more) / effect, more / (effect - threshold)) ** 2;
}
