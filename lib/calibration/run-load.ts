import type { PhaseReport } from '../measurements';
import type { RunLoad } from './calibration';

/** The load of the highest phase: streams at a time, and content events a second. */
export function runLoad(phases: readonly PhaseReport[]): RunLoad {
  const events = (phase: PhaseReport) =>
    ((phase.inter_chunk?.count ?? 0) + (phase.ttft?.count ?? 0)) / Math.max(phase.end_s - phase.start_s, 1);
  return {
    streams: Math.max(0, ...phases.map((phase) => phase.max_in_flight)),
    eventsPerSecond: Math.max(0, ...phases.map(events)),
  };
}
