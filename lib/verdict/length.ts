import type { Snapshot } from 'k6/x/sse';
import type { Tags } from '../metrics';

/*
 * How long a run must be for what a shorter one could not decide.
 */

/** Seconds as a parameter takes them, rounded up: "27s", "5m", "1h20m". */
export function duration(seconds: number): string {
  if (seconds <= 120) return `${Math.max(1, Math.ceil(seconds))}s`;
  const minutes = Math.ceil(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return hours === 0 ? `${rest}m` : rest === 0 ? `${hours}h` : `${hours}h${rest}m`;
}

/** What a run's length is known by. */
export type Ran = Pick<Snapshot, 'elapsed' | 'phases'>;

/**
 * The phases that the tags name, or the whole load: from when to when, ms since the schedule's start; joined. A phase in
 * which all was sent lasted as long as it was planned, although k6 ends with the last answer: of three requests, one a
 * second, that is after two seconds.
 */
export function spans({ elapsed, phases }: Ran, tags: Tags): [number, number][] {
  const joined: [number, number][] = [];
  for (const { phase, start, end, due } of phases) {
    if (start < 0 || (tags.phase !== undefined && tags.phase !== phase)) continue;
    const last = joined[joined.length - 1];
    const gap = (end - start) / Math.max(1, due);
    const to = end - elapsed < 1.5 * gap ? end : Math.max(start, elapsed);
    if (last && last[1] === start) last[1] = to;
    else joined.push([start, to]);
  }
  return joined;
}

/** Longer than this many times the run, a length is no advice. */
const timesAtMost = 1000;

/** The length of a load of the same rates that has `needs` samples where this one had `n`; "" where there is none. */
export function lengthFor(needs: number, n: number, ran: Ran): string {
  const times = needs / n;
  const whole = spans(ran, {}).reduce((all, [from, to]) => all + to - from, 0) / 1000;
  return n > 0 && times <= timesAtMost && whole > 0 ? `DURATION=${duration(times * whole)}` : '';
}
