import type { Snapshot } from 'k6/x/sse';

/** Of a run under `--execution-segment` only: what npm run merge needs to add it to the others. */
export interface PartReport {
  /** As k6 writes it, in lowest terms: 1/4:1/2. */
  segment: string;
  /** The edges of all segments of the load, from 0 to 1. */
  sequence: string[];
  /** How far the target's clock (its Date headers) is ahead of this machine's; null when it told none. */
  clock: ClockOffset | null;
  /** Why the run was refused before its load, "" when it was not. */
  refused: string;
  /** What the run doubted of itself beside what its counts show: a load beyond its calibration, a record that it could not read. */
  doubts?: string[];
  /** All that was counted, as k6/x/sse gave it. */
  snapshot: Snapshot;
}

/** A difference of two clocks, ms: the true one is within `bound` of `offset`. */
export interface ClockOffset {
  offset: number;
  bound: number;
}

/** One of the runs that a merged record was added up of. */
export interface MergedRun {
  run_id: string;
  segment: string;
  hostname: string;
  started_at: string;
  /** When it started after the first of all, ms, and the error of that by their clocks; null when it cannot be said. */
  start_after: ClockOffset | null;
  started: number;
}
