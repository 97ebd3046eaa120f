import { quantileRanks } from '../statistics';

/** With more samples than this the normal approximation's ranks are the exact ones, give or take one. */
const exactUpTo = 400;

/**
 * Ranks (1 = smallest) between which the q-quantile of independent values lies with at least 95 %, whatever their
 * distribution: the number of values below it is binomial (David and Nagaraja, Order Statistics, 7.1). Rank 0 or n + 1
 * where so few samples cannot say: a single one beyond a limit is no evidence about a p95.
 */
export function exactRanks(q: number, n: number): [number, number] {
  if (n > exactUpTo) return quantileRanks(q, n);
  let [low, high] = [0, n + 1];
  let [logP, below] = [n * Math.log(1 - q), 0]; // ln P(B = k), P(B <= k - 1)
  for (let k = 0; k <= n; k++) {
    if (below <= 0.025) low = k;
    if (1 - below <= 0.025 && high > k) high = k;
    below += Math.exp(logP);
    logP += Math.log((n - k) / (k + 1)) + Math.log(q / (1 - q));
  }
  return [low, high];
}
