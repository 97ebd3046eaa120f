import type { Row } from 'k6/x/sse';
import { carries, type Tags } from '../metrics';
import { stats, type Objective } from '../objectives';
import {
  lengthFactor,
  meanInterval,
  merge,
  mergeBatches,
  ofHistogram,
  quantileInterval,
  rateInterval,
  shareBelow,
  shareInterval,
  z95,
  type Estimate,
  type Observations,
} from '../statistics';
import { exactRanks } from './ranks';
import { sidesOf, type Interval, type Side } from './state';

/** A measured figure with its 95 % interval, compared with the limits. */
export interface Figure {
  measured: number;
  /** null where one of its ends is open. */
  interval: Interval | null;
  sides: Side[];
}

/**
 * All of a metric's values under `tags`, with when they came where that was kept, and where it matters.
 *
 * Of a phase that is judged as a whole, every stretch of time was measured. What differs from stretch to stretch (all
 * requests fail from one second on) is then part of what is judged, and no chance: with every stratum of a population
 * in the sample only the variance within the strata counts (Cochran, Sampling Techniques, 1977, section 5.3), and that
 * is no more than the variance of independent requests. So the interval is that of independent requests.
 */
export function observe(
  rows: readonly Row[],
  metric: string,
  { tags, whole = false }: { tags: Tags; whole?: boolean },
): Observations {
  const found = rows.filter((row) => row.metric === metric && carries(row.tags, tags));
  // Where the times of one row are not known, those of the whole are not.
  const timed = !whole && found.length > 0 && found.every((row) => row.batches !== undefined);
  return ofHistogram(
    merge(found.map((row) => row.histogram)),
    timed ? mergeBatches(found.map((row) => row.batches!)) : undefined,
  );
}

/** The figure that an objective is about; of at least one value, that came within `ran` ms since the schedule's start. */
export function figureOf(objective: Objective, observed: Observations, ran: readonly Interval[]): Figure {
  const figure = stats[objective.stat];
  switch (figure.kind) {
    case 'percentile':
      return percentile(objective, figure.q, observed);
    case 'mean':
      return plain(objective, meanInterval(observed)!);
    case 'share':
      return plain(objective, shareInterval(observed.sum, observed.count, observed.batches));
    case 'rate':
      return plain(objective, rate(observed, ran));
  }
}

function plain(objective: Objective, { value, low, high }: Pick<Estimate, 'value' | 'low' | 'high'>): Figure {
  const interval: Interval = [low, high];
  return {
    measured: value,
    interval: interval.every(Number.isFinite) ? interval : null,
    sides: sidesOf(value, interval, objective),
  };
}

/** The sum of the values for each second of the load. */
function rate(
  { sum, count, variance, batches }: Observations,
  ran: readonly Interval[],
): Pick<Estimate, 'value' | 'low' | 'high'> {
  const seconds =
    Math.max(
      ran.reduce((all, [from, to]) => all + to - from, 0),
      1,
    ) / 1000;
  if (batches && ran.length === 1) return rateInterval(batches, ran[0]![0], ran[0]![1], 'sum')!;
  // Requests that come at random: the sum's variance is that of a compound Poisson process, n E(x^2).
  const spread = z95 * Math.sqrt(count * (variance + (sum / count) ** 2));
  return { value: sum / seconds, low: Math.max(0, sum - spread) / seconds, high: (sum + spread) / seconds };
}

/**
 * "p95 < 500" is "at least 95 % are under 500", and that count is exact, whatever the histogram's error: so a limit is
 * compared with the share below it, and what is shown is kept in line with that.
 */
function percentile({ below, atLeast }: Objective, q: number, observed: Observations): Figure {
  const { count: n } = observed;
  const rank = Math.max(1, Math.ceil(q * n));
  const estimate = quantileInterval(observed, q)!;
  let [measured, low, high] = [estimate.value, estimate.low, estimate.high];
  const hold = (limit: number, upper: boolean): Side => {
    const share = shareBelow(observed, limit);
    const hits = observed.below(limit);
    const isUnder = hits >= rank;
    const [least, most] = exactRanks(q, n);
    const sure = isUnder ? share.low >= q && hits >= most : share.high < q && hits < least;
    // What is shown, a bucket's middle, may stand on the other side of the limit than the exact count.
    const under = (value: number) => Math.min(value, limit * (1 - 1e-6));
    const over = (value: number) => Math.max(value, limit);
    measured = isUnder ? under(measured) : over(measured);
    low = isUnder || !sure ? under(low) : over(low);
    high = !isUnder || !sure ? over(high) : under(high);
    return { met: isUnder === upper, sure, times: lengthFactor({ value: measured, low, high }, limit) };
  };
  const sides: Side[] = [];
  if (below !== undefined) sides.push(hold(below, true));
  if (atLeast !== undefined) sides.push(hold(atLeast, false));
  return { measured, interval: Number.isFinite(low) && Number.isFinite(high) ? [low, high] : null, sides };
}
