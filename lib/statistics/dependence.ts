import { reach } from './student';

/*
 * How much the values of a run depend on each other. Behind a queue the answers of a busy minute are all slow, and a
 * thousand of them say as much as a few dozen independent ones. What an interval needs is the variance of a sum over
 * the whole run; it is estimated from sums over equal stretches of time.
 */

/** Cosine weights that are looked at, and so the degrees of freedom of one run. */
export const weights = 8;
/** Batches whose correlation from one to the next is looked at. */
const batches = 12;
/** A correlation beyond this cannot be told from a run that is too short. */
const correlationAtMost = 0.9;

/** The variance of a sum over a whole run, and its degrees of freedom (of Student's t). */
export interface LongRun {
  variance: number;
  freedom: number;
}

/**
 * The variance of the sum of dependent numbers, which stand in order of time and add up to 0 (residuals). The larger
 * of two estimates, since each misses what the other sees:
 * - the mean square of the first 8 cosine weights of the series, which keeps its slow movements only (Müller, Journal
 *   of Econometrics 141, 2007; Lazarus, Lewis, Stock and Watson, HAR inference, Journal of Business & Economic
 *   Statistics 36, 2018);
 * - 12 batch means with a correction for the correlation from one to the next, (1 + r) / (1 - r), r without its bias
 *   (Steiger, Lada, Wilson et al., ASAP3, ACM TOMACS 15, 2005; Marriott and Pope, Biometrika 41, 1954).
 *
 * Infinite for fewer than two numbers.
 */
export function longRun(residuals: readonly number[]): LongRun {
  const freedom = Math.min(weights, residuals.length - 1);
  if (freedom < 1) return { variance: Infinity, freedom: 1 };
  return { variance: Math.max(slowMovements(residuals, freedom), correlatedBatches(residuals)), freedom };
}

function slowMovements(residuals: readonly number[], count: number): number {
  const n = residuals.length;
  let squares = 0;
  for (let j = 1; j <= count; j++) {
    let weight = 0;
    for (let i = 0; i < n; i++) weight += residuals[i]! * Math.cos((Math.PI * j * (i + 0.5)) / n);
    squares += 2 * weight * weight;
  }
  return squares / count;
}

function correlatedBatches(residuals: readonly number[]): number {
  const count = Math.min(batches, residuals.length);
  const sums = new Array<number>(count).fill(0);
  residuals.forEach((value, i) => {
    sums[Math.floor((i * count) / residuals.length)]! += value;
  });
  let squares = 0;
  let products = 0;
  sums.forEach((value, i) => {
    squares += value * value;
    if (i > 0) products += value * sums[i - 1]!;
  });
  if (squares === 0) return 0;
  const correlation = count > 4 ? ((count * products) / squares + 1) / (count - 3) : 0;
  const r = Math.min(Math.max(correlation, 0), correlationAtMost);
  return (((squares * count) / (count - 1)) * (1 + r)) / (1 - r);
}

/** What fell into one stretch of time: how many (or how long it was), and the sum of what is measured. */
export interface Stretch {
  count: number;
  sum: number;
}

/**
 * The variance of sum / count over all stretches by the residuals sum - ratio * count (Cochran, Sampling Techniques,
 * section 6.4), and its degrees of freedom.
 */
export function ratioVariance(stretches: readonly Stretch[]): LongRun {
  const total = stretches.reduce((all, { count }) => all + count, 0);
  if (total <= 0) return { variance: Infinity, freedom: 1 };
  const ratio = stretches.reduce((all, { sum }) => all + sum, 0) / total;
  const { variance, freedom } = longRun(stretches.map(({ count, sum }) => sum - ratio * count));
  return { variance: variance / (total * total), freedom };
}

/**
 * By what the number of values must be divided to get the number of independent ones that say as much, at least 1: the
 * variance over that of independent values, and Student's t over the normal quantile, since the variance is itself
 * estimated (Korn and Graubard, Survey Methodology 24, 1998). `beside`: degrees of freedom of other runs of the same kind
 * that the result is put together with (Satterthwaite, Biometrics Bulletin 2, 1946, for equal variances).
 */
export function designEffect(
  { variance, freedom }: LongRun,
  independent: number,
  confidence: number,
  beside = 0,
): number {
  if (!(independent > 0)) return 1;
  const wider = reach(confidence, freedom + beside) / reach(confidence);
  return Math.max(1, (variance / independent) * wider * wider);
}
