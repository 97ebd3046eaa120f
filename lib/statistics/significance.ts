/*
 * Tests: how surely a difference is not nothing, when many differences are looked at.
 */

/** The least confidence that is told apart from certainty. */
const least = 1e-9;

/**
 * The p-value that belongs to a way of making intervals: one minus the highest confidence at which the interval still
 * leaves `nothing` outside (the test that the interval is the inversion of). 1 where none does.
 */
export function pValue(interval: (confidence: number) => { low: number; high: number }, nothing = 0): number {
  const excluded = (p: number) => {
    const { low, high } = interval(1 - p);
    return nothing < low || nothing > high;
  };
  if (!excluded(0.5)) return 1;
  if (excluded(least)) return least;
  let [no, yes] = [Math.log(least), Math.log(0.5)];
  while (yes - no > 0.01) {
    const middle = (no + yes) / 2;
    if (excluded(Math.exp(middle))) yes = middle;
    else no = middle;
  }
  return Math.exp(yes);
}

/** A test and the weight that its result has among the others. */
export interface Weighted {
  p: number;
  weight: number;
}

/**
 * p-values corrected for the number of tests by Holm's method with weights (Holm, Scandinavian Journal of Statistics 6,
 * 1979): the chance that any of them is below 0.05 though nothing differs is at most 5 %, however the tests depend on
 * each other.
 */
export function holm(tests: readonly Weighted[]): number[] {
  const order = tests.map((_, i) => i).sort((a, b) => tests[a]!.p / tests[a]!.weight - tests[b]!.p / tests[b]!.weight);
  let left = tests.reduce((sum, { weight }) => sum + weight, 0);
  let highest = 0;
  const corrected = new Array<number>(tests.length).fill(1);
  for (const i of order) {
    const { p, weight } = tests[i]!;
    highest = Math.max(highest, Math.min(1, (p / weight) * left));
    corrected[i] = highest;
    left -= weight;
  }
  return corrected;
}
