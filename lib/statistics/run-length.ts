import type { Estimate } from './dependent-intervals';
import { normalQuantile, reach } from './student';

/*
 * How much longer a run must be to decide. An interval's width goes with the square root of the run's length, however
 * the values depend on each other, as long as the run is longer than that dependence lasts.
 */

/** The chance that a run of the length that is told decides, when the true value is the measured one. */
const chanceWanted = 0.9;

/**
 * By what a run's length must be multiplied so that the interval excludes `limit` with this chance; undefined where no
 * length does (the value is the limit). Below 1 where a shorter run would have decided.
 */
export function lengthFactor(
  { value, low, high }: Pick<Estimate, 'value' | 'low' | 'high'>,
  limit: number,
  chance = chanceWanted,
  confidence = 0.95,
): number | undefined {
  const distance = Math.abs(limit - value);
  if (!(distance > 0)) return undefined;
  const [towards, away] = limit > value ? [high - value, value - low] : [value - low, high - value];
  const half = Number.isFinite(towards) ? towards : away;
  if (!Number.isFinite(half)) return undefined;
  const more = (reach(confidence) + normalQuantile(chance)) / reach(confidence);
  return ((half * more) / distance) ** 2;
}

/**
 * How long a run must be, seconds, for the interval to exclude `limit`, when this one took `seconds`; undefined where no
 * length decides, or where the interval is open and nothing can be worked out from it.
 */
export function runLengthNeeded(
  estimate: Pick<Estimate, 'value' | 'low' | 'high'>,
  limit: number,
  seconds: number,
  chance = chanceWanted,
): number | undefined {
  const factor = lengthFactor(estimate, limit, chance);
  return factor === undefined ? undefined : factor * seconds;
}

/** How many values are needed for the interval to exclude `limit`, at the same rate and dependence; undefined as above. */
export function valuesNeeded(
  estimate: Pick<Estimate, 'value' | 'low' | 'high' | 'n'>,
  limit: number,
  chance = chanceWanted,
): number | undefined {
  const factor = lengthFactor(estimate, limit, chance);
  return factor === undefined ? undefined : Math.ceil(factor * estimate.n);
}
