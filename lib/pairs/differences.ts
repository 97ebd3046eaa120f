import { differenceNeeds, intervalOf, medianOf, ascending, type Difference } from '../statistics';

/*
 * Cases side by side: each round has every case once, in random order (rounds.ts), so that what changes with time falls
 * on all cases alike. What one case costs more than another is the median of its differences within the rounds: where
 * one case is the other and something on top, these differences lie evenly around that something, whatever the
 * distribution (Lehmann, Nonparametrics, 1975, chapter 3). The interval is between two of the ordered differences, by the
 * sign test's binomial ranks.
 */

/** One measurement of a case. */
export interface Reading {
  round: number;
  case: string;
  value: number;
}

export interface CaseDifference extends Difference {
  case: string;
  against: string;
  /** Rounds that have both. */
  n: number;
  /** The medians of the two cases in these rounds. */
  medians: [number, number];
}

/** Rounds that a difference needs. */
const pairsNeed = differenceNeeds;

/**
 * What a case takes more than the case `against`, with a 95 % interval, in the values' unit; undefined where fewer than
 * {@link pairsNeed} rounds have both. Of several readings of a case in a round the last counts.
 */
export function caseDifference(readings: readonly Reading[], one: string, against: string): CaseDifference | undefined {
  const values = (name: string) =>
    new Map(readings.filter((each) => each.case === name).map(({ round, value }) => [round, value]));
  const [a, b] = [values(one), values(against)];
  const both = [...a.keys()].filter((round) => b.has(round));
  if (both.length < pairsNeed) return undefined;
  const differences = ascending(both.map((round) => a.get(round)! - b.get(round)!));
  const middle = (of: ReadonlyMap<number, number>) => medianOf(both.map((round) => of.get(round)!))!;
  return {
    case: one,
    against,
    n: both.length,
    value: medianOf(differences)!,
    interval: intervalOf(differences, 0.5)!,
    medians: [middle(a), middle(b)],
  };
}
