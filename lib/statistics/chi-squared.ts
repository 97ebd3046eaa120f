/**
 * The chance that counts differ from what is expected by as much as these, or more, where only chance is at work: Pearson's
 * chi-squared test with as many degrees of freedom as there are counts, less one. `shares`: what is expected of each, all
 * alike when left out. 1 with fewer than two counts.
 */
export function chiSquaredP(counts: readonly number[], shares?: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (counts.length < 2 || total === 0) return 1;
  const statistic = counts.reduce((sum, count, i) => {
    const expected = total * (shares?.[i] ?? 1 / counts.length);
    return sum + (count - expected) ** 2 / expected;
  }, 0);
  return upperGamma((counts.length - 1) / 2, statistic / 2);
}

/**
 * The regularised upper incomplete gamma function Q(a, x), for a that is a multiple of 1/2: by the recurrence
 * Q(a + 1, x) = Q(a, x) + x^a e^-x / Gamma(a + 1) from Q(1/2, x) = erfc(sqrt x) or Q(1, x) = e^-x (Abramowitz and Stegun,
 * Handbook of Mathematical Functions, 6.5.21).
 */
function upperGamma(a: number, x: number): number {
  const odd = a % 1 !== 0;
  let value = odd ? erfc(Math.sqrt(x)) : Math.exp(-x);
  // x^at e^-x / Gamma(at + 1), as a logarithm: x may be large.
  let at = odd ? 0.5 : 1;
  let logGamma = odd ? Math.log(Math.sqrt(Math.PI) / 2) : 0;
  for (; at < a; at++) {
    if (x > 0) value += Math.exp(at * Math.log(x) - x - logGamma);
    logGamma += Math.log(at + 1);
  }
  return Math.min(1, value);
}

/** The complementary error function, with an error below 1.2e-7 of its value (Numerical Recipes, 6.2.2: Chebyshev fit). */
function erfc(z: number): number {
  const t = 1 / (1 + z / 2);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
    0.17087277,
  ];
  const fit = coefficients.reduceRight((sum, c) => sum * t + c, 0);
  return t * Math.exp(-z * z + fit);
}
