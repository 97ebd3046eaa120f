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

/** Length of the phases that the tags name, or of the whole load, seconds. */
export function loadSeconds({ elapsed, phases }: Ran, tags: Tags): number {
  return (
    phases
      .filter((phase) => phase.start >= 0 && (tags.phase === undefined || tags.phase === phase.phase))
      .reduce((sum, phase) => sum + Math.max(0, Math.min(phase.end, elapsed) - phase.start), 0) / 1000
  );
}

/** Longer than this many times the run, a length is no advice. */
const timesAtMost = 1000;

/** The length of a load of the same rates that has `needs` samples where this one had `n`; "" where there is none. */
export function lengthFor(needs: number, n: number, ran: Ran): string {
  const times = needs / n;
  const whole = loadSeconds(ran, {});
  return n > 0 && times <= timesAtMost && whole > 0 ? `DURATION=${duration(times * whole)}` : '';
}
