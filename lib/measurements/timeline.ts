import type { Snapshot } from 'k6/x/sse';
import type { MetricName, TargetValues } from '../metrics';
import { stats, type Stats } from './stats';

/** One slot of the load's time: what was sent in it, and what ended in it. */
export interface TimelinePoint {
  t_s: number;
  seconds: number;
  phase: string;
  started: number;
  ok: number;
  failed: number;
  in_flight: number;
  ttft?: Stats;
  ttft_scheduled?: Stats;
  e2e?: Stats;
  e2e_scheduled?: Stats;
  /** Readings of METRICS_URLS that fall into this slot, by page. */
  resources?: Record<string, TargetValues>;
}

/** The slots of the load in order of time, `slotSeconds` long each. */
export function timelinePoints(snapshot: Snapshot, slotSeconds: number): TimelinePoint[] {
  return snapshot.timeline.map((slot) => {
    const of = (name: MetricName) => {
      const h = slot.metrics[name];
      return h && h.count > 0 ? stats(h) : undefined;
    };
    const total = Object.values(slot.outcomes).reduce((sum, count) => sum + count, 0);
    const ok = (slot.outcomes.ok ?? 0) + (slot.outcomes.cancelled ?? 0);
    return {
      t_s: slot.slot * slotSeconds,
      seconds: slotSeconds,
      phase: slot.phase,
      started: slot.started,
      ok,
      failed: total - ok - (slot.outcomes.interrupted ?? 0),
      in_flight: slot.inFlight,
      ttft: of('llm_ttft'),
      ttft_scheduled: of('llm_ttft_scheduled'),
      e2e: of('llm_e2e'),
      e2e_scheduled: of('llm_e2e_scheduled'),
    };
  });
}
