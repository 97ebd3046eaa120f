/*
 * The universal scalability law: throughput at N in flight is
 *   X(N) = L N / (1 + s (N - 1) + k N (N - 1))
 * with L the throughput of one, s the share that is serial (contention) and k what it costs to agree (coherency).
 * (N. J. Gunther, Guerrilla Capacity Planning, Springer 2007, chapters 4 to 6.)
 */

export interface Scalability {
  /** Throughput of one in flight, per second. */
  lambda: number;
  /** Contention, 0 to 1. */
  sigma: number;
  /** Coherency: above 0 throughput falls beyond the knee. */
  kappa: number;
  /** In flight at the highest throughput: sqrt((1 - s) / k); Infinity where throughput does not fall. */
  knee: number;
  /** The highest throughput: at the knee, or L / s where there is none; Infinity where it grows without limit. */
  peak: number;
}

export interface Point {
  inFlight: number;
  rate: number;
}

/**
 * Fits the law by least squares of relative errors in its form N / X = a + b (N - 1) + c N (N - 1), which is linear in
 * a = 1 / L, b = s / L, c = k / L; none of them below 0 (of the fits with some of b and c left out, the best is taken).
 * Undefined with fewer than four numbers in flight.
 */
export function scalability(points: readonly Point[]): Scalability | undefined {
  const known = points.filter(({ rate }) => rate > 0);
  if (new Set(known.map(({ inFlight }) => inFlight)).size < 4) return undefined;
  const fits = [[], [1], [2], [1, 2]].flatMap((terms) => fit(known, terms) ?? []);
  const best = fits.reduce((a, b) => (b.error < a.error * 0.999 ? b : a));
  const [a, b, c] = best.coefficients;
  const [lambda, sigma, kappa] = [1 / a, b / a, c / a];
  const knee = kappa > 0 ? Math.sqrt(Math.max(0, 1 - sigma) / kappa) : Infinity;
  const peak =
    kappa > 0 ? throughput({ lambda, sigma, kappa }, Math.max(1, knee)) : sigma > 0 ? lambda / sigma : Infinity;
  return { lambda, sigma, kappa, knee: Math.max(1, knee), peak };
}

/** X(N). */
export function throughput(
  { lambda, sigma, kappa }: Pick<Scalability, 'lambda' | 'sigma' | 'kappa'>,
  n: number,
): number {
  return (lambda * n) / (1 + sigma * (n - 1) + kappa * n * (n - 1));
}

type Coefficients = [number, number, number];

/** The fit with the constant and these terms; undefined where a coefficient is below 0 or cannot be told. */
function fit(
  points: readonly Point[],
  terms: readonly number[],
): { coefficients: Coefficients; error: number } | undefined {
  const used = [0, ...terms];
  const rows = points.map(({ inFlight: n, rate }) => {
    const all = [1, n - 1, n * (n - 1)];
    const y = n / rate;
    // Weighted by 1 / y, so that errors are relative.
    return { x: used.map((term) => all[term]! / y), y: 1 };
  });
  const matrix = used.map((_, i) => used.map((__, j) => rows.reduce((sum, { x }) => sum + x[i]! * x[j]!, 0)));
  const right = used.map((_, i) => rows.reduce((sum, { x, y }) => sum + x[i]! * y, 0));
  const solved = solve(matrix, right);
  if (!solved || solved.some((value) => value < 0) || !(solved[0]! > 0)) return undefined;
  const coefficients: Coefficients = [0, 0, 0];
  for (const [i, term] of used.entries()) coefficients[term] = solved[i]!;
  const error = rows.reduce(
    (sum, { x, y }) => sum + (y - x.reduce((all, value, i) => all + value * solved[i]!, 0)) ** 2,
    0,
  );
  return { coefficients, error };
}

/** Gauss' elimination with pivots; undefined for a singular matrix. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | undefined {
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  const n = rows.length;
  for (let i = 0; i < n; i++) {
    const pivot = rows
      .slice(i)
      .reduce((best, row, j) => (Math.abs(row[i]!) > Math.abs(rows[best]![i]!) ? i + j : best), i);
    [rows[i], rows[pivot]] = [rows[pivot]!, rows[i]!];
    if (Math.abs(rows[i]![i]!) < 1e-12) return undefined;
    for (let j = i + 1; j < n; j++) {
      const factor = rows[j]![i]! / rows[i]![i]!;
      for (let k = i; k <= n; k++) rows[j]![k]! -= factor * rows[i]![k]!;
    }
  }
  const solved = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    const rest = solved.reduce((sum, value, k) => (k > i ? sum + rows[i]![k]! * value : sum), 0);
    solved[i] = (rows[i]![n]! - rest) / rows[i]![i]!;
  }
  return solved;
}
