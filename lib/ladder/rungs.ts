import { sumOf } from '../statistics';

/*
 * A ladder: one kind of request at 1, 2, 4 ... in flight, each number held for a while. What it shows is how many are
 * truly served at once, and how many a second.
 */

/** What one rung showed: so many requests of a kind were held in flight for a while. Times in ms. */
export interface Rung {
  inFlight: number;
  /** How long the number was held, seconds. */
  seconds: number;
  ok: number;
  /** Requests that failed, by outcome. */
  failed: Readonly<Record<string, number>>;
  /** Mean time to the end of those that ended well; NaN without any. */
  mean: number;
  /**
   * Median time of requests that no route serves, sent among the others: what a process that is busy keeps waiting, and
   * a full pool does not. NaN without any.
   */
  bystander: number;
}

/** The rungs of one kind of request, the lowest first. */
export interface Ladder {
  kind: string;
  rungs: readonly Rung[];
}

/** More failures than this share are no chance of the network: the rung refuses. */
const refusing = 0.05;

/** Requests of the rung that failed, whatever the outcome. */
export const failuresOf = ({ failed }: Rung): number => Object.values(failed).reduce((sum, count) => sum + count, 0);

/** How many requests of all these rungs failed how. */
export function failuresByOutcome(rungs: readonly Rung[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { failed } of rungs)
    for (const [outcome, count] of Object.entries(failed)) counts[outcome] = (counts[outcome] ?? 0) + count;
  return counts;
}

/** Share of the rung's requests that failed. */
export function failedShare(rung: Rung): number {
  const failures = failuresOf(rung);
  return failures / Math.max(1, failures + rung.ok);
}

/** Whether so many of the rung's requests failed that it is to be called one that refuses. */
export const refuses = (rung: Rung): boolean => failedShare(rung) > refusing;

/**
 * Requests that end well, per second. Where (almost) all do, by the interactive response time law with no time to think,
 * X = N / R (Denning and Buzen, Computing Surveys 10(3), 1978), which is not disturbed by what the rung before left.
 * Else those that ended well over the time in which they could.
 */
export function rateOf(rung: Rung): number {
  if (rung.ok === 0) return 0;
  if (!refuses(rung)) return rung.inFlight / (rung.mean / 1000);
  return rung.ok / (rung.seconds + rung.mean / 1000);
}

/**
 * The time that a request takes where nobody is before it, ms: the mean of the rungs of at most half as many as are
 * served at once, of the lowest rung that answers at least. NaN without any.
 */
export function serviceTime({ rungs }: Ladder): number {
  const lowest = rungs.find((rung) => rung.ok > 0);
  if (!lowest) return NaN;
  const most = Math.max(...rungs.map((rung) => servedAtOnce(rung, lowest.mean)));
  const free = rungs.filter((rung) => rung.ok > 0 && (rung === lowest || rung.inFlight <= most / 2) && !refuses(rung));
  return sumOf(free.map((rung) => rung.ok * rung.mean)) / sumOf(free.map((rung) => rung.ok)) || lowest.mean;
}

/** How many are truly served at once: Little's law, with the time that a request takes by itself. */
export function servedAtOnce(rung: Rung, service: number): number {
  return Math.min(rung.inFlight, (rateOf(rung) * service) / 1000);
}
