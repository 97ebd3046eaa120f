import { designEffect, ratioVariance, type LongRun, type Stretch } from './dependence';
import type { Observations } from './observations';
import { belowBound, levels, sums, type Batches } from './stretches';
import { reach } from './student';

/*
 * Intervals that hold although the values depend on each other. Each first finds out how many independent values the
 * run is worth (designEffect), and then uses the interval for independent ones with that number: it is never narrower.
 */

export interface Estimate {
  value: number;
  /** `high` is Infinity, or `low` -Infinity, where the values leave that side open. */
  low: number;
  high: number;
  n: number;
  /** So many independent values would say as much. */
  effective: number;
  /** Why the run is too short for this interval to be relied on; '' when it is not. */
  short: string;
}

/** Fewer stretches than these say too little about how values depend on each other. */
const stretchesNeeded = 5;
/** A mean that is worth fewer independent values than these has no upper end: the slow times may not have come yet. */
const effectiveNeeded = 30;
/** An interval from fewer independent values than these is not to be relied on, whatever the run's length. */
const effectiveAtLeast = 10;
/** Shares of the values at which dependence is looked at, beside the bound that is asked about. */
const looked = [0.5, 0.75, 0.9, 0.95] as const;

/**
 * An interval for any confidence; what takes long to work out is worked out once. `beside`: degrees of freedom that the
 * runs bring which this one is compared or put together with.
 */
export type Estimator = (confidence: number, beside?: number) => Estimate;

/**
 * The share of `hits` among `count`, by Wilson's score interval (1927) with the effective number of values, as Dean and
 * Pagano find best for clustered samples (Journal of Survey Statistics and Methodology 3, 2015). For a share of values
 * below a bound use {@link shareBelow}: it knows more.
 */
export function shareInterval(hits: number, count: number, batches?: Batches, confidence = 0.95): Estimate {
  return shareEstimator(hits, count, batches)(confidence);
}

/** {@link shareInterval} for any confidence. */
export function shareEstimator(hits: number, count: number, batches?: Batches): Estimator {
  const own = batches ? shareEffect(ratioVariance(sums(batches)), hits, count) : alone;
  return (confidence, beside) => share(hits, count, own(confidence, beside), batches, confidence);
}

/** The share of the values that lie strictly below `bound`. */
export function shareBelow(observed: Observations, bound: number, confidence = 0.95): Estimate {
  const hits = observed.below(bound);
  const effect = effectAt(observed, bound, hits);
  return share(hits, observed.count, effect(confidence), observed.batches, confidence);
}

/**
 * The q-quantile (nearest rank) and the values between which it lies: those bounds for which the share below them does
 * not contradict q (Woodruff, Journal of the American Statistical Association 47, 1952). `high` is Infinity where even
 * the largest value does not contradict it.
 */
export function quantileInterval(observed: Observations, q: number, confidence = 0.95): Estimate | undefined {
  return quantileEstimator(observed, q)?.(confidence);
}

/** {@link quantileInterval} for any confidence. */
export function quantileEstimator(observed: Observations, q: number): Estimator | undefined {
  const { count, batches } = observed;
  const value = observed.atRank(Math.max(1, Math.ceil(q * count)));
  if (value === undefined) return undefined;
  const effect = effectAt(observed, value, observed.below(value));
  return (confidence, beside) => {
    const effective = count / effect(confidence, beside);
    const spread = reach(confidence) * Math.sqrt((q * (1 - q)) / effective) * count;
    const [low, high] = [Math.floor(q * count - spread), Math.ceil(q * count + spread) + 1];
    return {
      value,
      low: low < 1 ? -Infinity : observed.atRank(low)!,
      high: high > count ? Infinity : observed.atRank(high)!,
      n: count,
      effective,
      short: tooShort(batches?.count.length, effective),
    };
  };
}

/**
 * The mean. Of durations (nothing below 0) the interval is that of 1 / mean, turned back: behind a queue the standard
 * error grows with the square of the mean (Whitt, Planning queueing simulations, Management Science 35, 1989), and a
 * run that by chance met little congestion would otherwise be too sure. Of values of both signs it is symmetrical.
 */
export function meanInterval(observed: Observations, confidence = 0.95): Estimate | undefined {
  return meanEstimator(observed)?.(confidence);
}

/** {@link meanInterval} for any confidence. */
export function meanEstimator(observed: Observations): Estimator | undefined {
  const { count, sum, variance, batches } = observed;
  if (count === 0) return undefined;
  const value = sum / count;
  const all = effects(observed);
  const durations = value > 0 && (observed.atRank(1) ?? -1) >= 0;
  return (confidence, beside) => {
    const effective = count / Math.max(1, ...all.map((effect) => effect(confidence, beside)));
    const spread = reach(confidence) * Math.sqrt(variance / effective);
    const result = { value, n: count, effective, short: tooShort(batches?.count.length, effective) };
    if (!durations) return { ...result, low: value - spread, high: value + spread };
    const relative = spread / value;
    const open = relative >= 1 || (relative > 0 && effective < effectiveNeeded);
    return { ...result, low: value / (1 + relative), high: open ? Infinity : value / (1 - relative) };
  };
}

/**
 * How many values (or how much of what they count: `of: 'sum'`) came each second between `from` and `to`, ms since the
 * schedule's start. Stretches without a row count as empty. `n` is the number of stretches.
 */
export function rateInterval(
  batches: Batches,
  from: number,
  to: number,
  of: 'count' | 'sum' = 'count',
  confidence = 0.95,
): Estimate | undefined {
  return rateEstimator(batches, from, to, of)?.(confidence);
}

/** {@link rateInterval} for any confidence. */
export function rateEstimator(
  { width, first, ...values }: Batches,
  from: number,
  to: number,
  of: 'count' | 'sum',
): Estimator | undefined {
  if (!(to > from)) return undefined;
  const stretches: Stretch[] = [];
  for (let i = Math.floor(from / width); i * width < to; i++) {
    const seconds = (Math.min(to, (i + 1) * width) - Math.max(from, i * width)) / 1000;
    stretches.push({ count: seconds, sum: values[of][i - first] ?? 0 });
  }
  const value = (1000 * stretches.reduce((all, { sum }) => all + sum, 0)) / (to - from);
  const { variance, freedom } = ratioVariance(stretches);
  const n = stretches.length;
  return (confidence, beside = 0) => {
    const spread = reach(confidence, freedom + beside) * Math.sqrt(variance);
    return { value, low: Math.max(0, value - spread), high: value + spread, n, effective: n, short: tooShort(n) };
  };
}

/**
 * `a` - `b` of two independent estimates, put together by MOVER: L = d - sqrt((a - la)^2 + (ub - b)^2), U likewise (Zou
 * and Donner, Statistics in Medicine 27, 2008).
 */
export function differenceOf(a: Estimate, b: Estimate): Estimate {
  const value = a.value - b.value;
  return {
    value,
    low: value - Math.hypot(a.value - a.low, b.high - b.value),
    high: value + Math.hypot(a.high - a.value, b.value - b.low),
    n: Math.min(a.n, b.n),
    effective: Math.min(a.effective, b.effective),
    short: a.short || b.short,
  };
}

function share(
  hits: number,
  count: number,
  effect: number,
  batches: Batches | undefined,
  confidence: number,
): Estimate {
  const effective = count / effect;
  const short = tooShort(batches?.count.length, effective);
  if (count === 0) return { value: 0, low: 0, high: 1, n: 0, effective: 0, short };
  const value = hits / count;
  const squared = reach(confidence) ** 2;
  const centre = value + squared / (2 * effective);
  const spread = Math.sqrt((squared * value * (1 - value)) / effective + (squared * squared) / (4 * effective ** 2));
  const scale = 1 + squared / effective;
  const low = Math.max(0, (centre - spread) / scale);
  return { value, low, high: Math.min(1, (centre + spread) / scale), n: count, effective, short };
}

/** By what a number of values is divided to get that of independent ones, at a confidence. */
type Effect = (confidence: number, beside?: number) => number;
const alone: Effect = () => 1;

/** The design effect of a share; no more than `count`, the worth of a single value. */
function shareEffect(longRun: LongRun, hits: number, count: number): Effect {
  const value = hits / count;
  return (confidence, beside) =>
    Math.min(count, designEffect(longRun, (value * (1 - value)) / count, confidence, beside));
}

/** The design effect of the share below `bound`: its own, or where that is smaller the average of all. */
function effectAt(observed: Observations, bound: number, hits: number): Effect {
  const { batches, count } = observed;
  if (!batches) return alone;
  const own = shareEffect(ratioVariance(belowBound(batches, bound)), hits, count);
  const all = effects(observed);
  return (confidence, beside) =>
    Math.max(own(confidence, beside), average(all.map((effect) => effect(confidence, beside))));
}

/**
 * Design effects of the mean and of the shares below some of the values: a bound that few values reach says little about
 * dependence by itself, and a busy time that a short run did not meet says nothing at all.
 */
function effects({ count, variance, batches }: Observations): Effect[] {
  if (!batches || batches.count.length === 0 || count === 0) return [];
  const total = batches.count.reduce((all, each) => all + each, 0);
  const ofSums = ratioVariance(sums(batches));
  return [
    (confidence, beside) => Math.min(count, designEffect(ofSums, variance / count, confidence, beside)),
    ...levels(batches, looked).map((level) => {
      const below = belowBound(batches, level);
      const hits = below.reduce((all, { sum }) => all + sum, 0);
      return shareEffect(ratioVariance(below), hits, total);
    }),
  ];
}

const average = (numbers: readonly number[]) =>
  numbers.length === 0 ? 1 : numbers.reduce((all, each) => all + each, 0) / numbers.length;

function tooShort(stretches: number | undefined, effective = Infinity): string {
  if (stretches === undefined) return 'it is not known when each value came';
  if (stretches < stretchesNeeded)
    return `the values lie in ${stretches} of the ${stretchesNeeded} stretches of time that are needed to see how they depend on each other`;
  if (effective >= effectiveAtLeast) return '';
  const worth = effective < 1.5 ? 'one independent value' : `${Math.round(effective)} independent values`;
  return `the values depend on each other so much that all of them say no more than ${worth}`;
}
