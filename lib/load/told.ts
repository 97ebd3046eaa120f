import { arrivals, topRate, totalSeconds, type Load } from './phases';

/** The name in k6's option `ext` under which a script tells its load to `k6 inspect`. */
export const loadOf = 'gsai-perf';

/** What a load asks of the machines that make it. */
export interface LoadTold {
  /** 0: a closed load, in which users go on without pause. */
  requests: number;
  seconds: number;
  /** Requests per second of the highest phase; 0: a closed load. */
  rate: number;
  /** Requests at a time, by Little's law with its margin, or VUS. */
  users: number;
}

/**
 * What a load amounts to: requests, seconds, the highest rate, users. The number of requests of a closed load is the
 * target's, so it is 0.
 */
export function loadTold(load: Load, users: number, closed: boolean): LoadTold {
  const seconds = totalSeconds(load);
  if (closed) return { requests: 0, seconds, rate: 0, users };
  return { requests: Math.round(arrivals(load)), seconds, rate: topRate(load), users };
}
