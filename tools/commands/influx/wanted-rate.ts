import type { TimelinePoint } from '../../../lib/measurements';
import type { RunRecord } from '../../../lib/summary';

/** Requests per second that the schedule wanted at a time; undefined in a closed model, and where no phase ran. */
export function wantedRate({ profile, phases }: RunRecord, point: TimelinePoint, at: number): number | undefined {
  const index = profile.phases.findIndex(({ name }) => name === point.phase);
  const ran = phases.find(({ phase }) => phase === point.phase);
  if (profile.arrivals === 'closed' || index < 0 || !ran) return undefined;
  const { rate, climbSeconds } = profile.phases[index]!;
  const from = profile.phases[index - 1]?.rate ?? 0;
  const climbed = climbSeconds > 0 ? Math.min(1, Math.max(0, at - ran.start_s) / climbSeconds) : 1;
  return from + (rate - from) * climbed;
}
