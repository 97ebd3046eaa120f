import { sumOf, type Random } from '../statistics';

/*
 * The search for the highest rate at which a target does all that it is to do: rates are tried one after the other, each
 * for a while, and each try says whether the rate held. Near its capacity a target holds the same rate once and not the
 * next time, so rates at both ends are tried again, in random order.
 */

/** One try of a rate. */
export interface Trial {
  /** Requests per second. */
  rate: number;
  held: boolean;
}

/** Between which rates the capacity lies: `low` held in most of its tries, `high` in fewer than half. */
export interface Capacity {
  low: number | null;
  high: number | null;
  /** Tries of the one and of the other. */
  lowTries: number;
  highTries: number;
}

/** Both ends of the interval are tried so often at the least. */
const tries = 2;
/** Where no rate has held, the next is so much of the lowest. */
const down = 0.7;

/**
 * The share of tries that held can only fall with the rate: neighbours that say otherwise are put together (the
 * pool-adjacent-violators algorithm; Ayer et al., Annals of Mathematical Statistics 26(4), 1955). The capacity lies where
 * that share crosses one half.
 */
export function capacityOf(trials: readonly Trial[]): Capacity {
  const rates = [...new Set(trials.map(({ rate }) => rate))].sort((a, b) => a - b);
  const pools: { rates: number[]; held: number; of: number }[] = [];
  for (const rate of rates) {
    const own = trials.filter((trial) => trial.rate === rate);
    pools.push({ rates: [rate], held: own.filter(({ held }) => held).length, of: own.length });
    for (let last = pools.length - 1; last > 0; last--) {
      const [a, b] = [pools[last - 1]!, pools[last]!];
      if (a.held / a.of > b.held / b.of) break;
      pools.splice(last - 1, 2, { rates: [...a.rates, ...b.rates], held: a.held + b.held, of: a.of + b.of });
    }
  }
  const low =
    pools
      .filter(({ held, of }) => 2 * held >= of)
      .at(-1)
      ?.rates.at(-1) ?? null;
  const high = pools.find(({ held, of }) => 2 * held < of)?.rates[0] ?? null;
  const count = (wanted: number | null) => sumOf(trials.map(({ rate }) => (rate === wanted ? 1 : 0)));
  return { low, high, lowTries: count(low), highTries: count(high) };
}

/**
 * The rate to be tried next; undefined when the interval is no wider than `within` and both its ends were tried often
 * enough. There must be a rate that has not held.
 */
export function nextRate(trials: readonly Trial[], within: number, draws: Random): number | undefined {
  const { low, high, lowTries, highTries } = capacityOf(trials);
  if (trials.every(({ held }) => held)) return undefined;
  // A rate above that does not hold is wanted, and one below that does.
  if (high === null) return low! * (1 + within);
  if (low === null) return down * high;
  if (high > low * (1 + within)) return Math.sqrt(low * high);
  const open = [
    { rate: low, left: tries - lowTries },
    { rate: high, left: tries - highTries },
  ].filter(({ left }) => left > 0);
  return open[draws.below(Math.max(1, open.length))]?.rate;
}
