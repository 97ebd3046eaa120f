import type { Snapshot } from 'k6/x/sse';
import type { MetricName } from '../metrics';
import { gather } from './metrics';
import { stats, type Stats } from './stats';

/** One phase or step of the load. */
export interface PhaseReport {
  phase: string;
  start_s: number;
  end_s: number;
  /** Requests per second that came due. */
  wanted_rate: number;
  sent_rate: number;
  due: number;
  sent: number;
  dropped: number;
  /** Sent late because no VU was free. */
  waited: number;
  max_in_flight: number;
  ok: number;
  failed: number;
  outcomes: Record<string, number>;
  ttft?: Stats;
  ttft_scheduled?: Stats;
  inter_chunk?: Stats;
  e2e?: Stats;
  e2e_scheduled?: Stats;
  queue?: Stats;
}

/** What became of each phase, in the order of the load. */
export function phaseReports(snapshot: Snapshot): PhaseReport[] {
  return snapshot.phases.map((phase) => {
    const tags = { phase: phase.phase };
    const outcomes: Record<string, number> = {};
    for (const row of snapshot.outcomes)
      if (row.tags.phase === phase.phase) outcomes[row.outcome] = (outcomes[row.outcome] ?? 0) + row.count;
    const total = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    const ok = (outcomes.ok ?? 0) + (outcomes.cancelled ?? 0);
    const seconds = Math.max((Math.min(phase.end, snapshot.elapsed) - phase.start) / 1000, 1e-9);
    const of = (metric: MetricName) => {
      const h = gather(snapshot.rows, metric, tags);
      return h.count > 0 ? stats(h) : undefined;
    };
    return {
      phase: phase.phase,
      start_s: phase.start < 0 ? -1 : phase.start / 1000,
      end_s: phase.end < 0 ? -1 : phase.end / 1000,
      wanted_rate: phase.start < 0 ? 0 : phase.due / seconds,
      sent_rate: phase.start < 0 ? 0 : phase.dispatched / seconds,
      due: phase.due,
      sent: phase.dispatched,
      dropped: phase.dropped,
      waited: phase.waited,
      max_in_flight: phase.maxInFlight,
      ok,
      failed: total - ok - (outcomes.interrupted ?? 0),
      outcomes,
      ttft: of('llm_ttft'),
      ttft_scheduled: of('llm_ttft_scheduled'),
      inter_chunk: of('llm_inter_chunk'),
      e2e: of('llm_e2e'),
      e2e_scheduled: of('llm_e2e_scheduled'),
      queue: of('llm_queue'),
    };
  });
}
