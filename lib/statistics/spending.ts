/*
 * How often one may look at an experiment that goes on, and stop as soon as it is decided, without more false alarms.
 */

/**
 * The share of `alpha` that may be spent on the looks so far, when the part `done` of the experiment is over: spending of
 * Pocock's kind (Lan and DeMets, Discrete sequential boundaries for clinical trials, Biometrika 70, 1983).
 */
export function spent(alpha: number, done: number): number {
  return alpha * Math.log(1 + (Math.E - 1) * Math.min(1, Math.max(0, done)));
}

/**
 * The significance that each look may use: what it may spend beyond the looks before it. Their sum is `alpha`, so that
 * by the union bound the chance of a false alarm at any look is at most `alpha`, whatever the test.
 */
export function lookAlphas(alpha: number, looks: readonly number[], most: number): number[] {
  return looks.map((at, i) => spent(alpha, at / most) - (i > 0 ? spent(alpha, looks[i - 1]! / most) : 0));
}
