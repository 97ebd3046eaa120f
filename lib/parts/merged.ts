import type { Snapshot } from 'k6/x/sse';
import type { TimelinePoint } from '../measurements';
import type { MergedRun, RunRecord } from '../summary';
import { add } from './add';
import { partDoubts, startAfter, type PartRecord } from './doubts';
import { edges } from './segments';

/** What several parts of a load are together. */
export interface Merged {
  snapshot: Snapshot;
  doubts: string[];
  runs: MergedRun[];
  hostnames: string;
}

/** Adds up the parts of a load, the first to start first; at least one. */
export function mergeParts(records: readonly PartRecord[]): Merged {
  const parts = [...records].sort((a, b) => edges(a.part.segment)[0] - edges(b.part.segment)[0]);
  const first = parts.reduce((a, b) => ((startAfter(b, a)?.offset ?? 0) < 0 ? b : a));
  const others = parts.filter((each) => each !== first);
  const whole = add(
    parts.map(({ environment, part }) => ({ hostname: environment.hostname, snapshot: part.snapshot })),
  );
  return {
    snapshot: { ...whole, startedAt: first.part.snapshot.startedAt || whole.startedAt },
    doubts: partDoubts([first, ...others]),
    runs: parts.map((each) => ({
      run_id: each.run_id,
      segment: each.part.segment,
      hostname: each.environment.hostname,
      started_at: each.started_at,
      start_after: startAfter(each, first),
      started: each.part.snapshot.started,
    })),
    hostnames: [...new Set(parts.map(({ environment }) => environment.hostname))].join(', '),
  };
}

/** The target's pages are read by one runner alone: its readings go into the slots of the whole. */
export function takeResources(timeline: TimelinePoint[], records: readonly RunRecord[]): RunRecord['resources'] {
  const reader = records.find(({ resources }) => resources?.some(({ readings }) => readings > 0));
  for (const point of timeline) {
    const read = reader?.timeline.find(({ t_s }) => t_s === point.t_s)?.resources;
    if (read) point.resources = read;
  }
  return reader?.resources ?? records.find(({ resources }) => resources)?.resources;
}

/** What outputs of any runner could not keep; undefined where none complained. */
export function mergeOutputs(records: readonly RunRecord[]): RunRecord['outputs'] {
  const all = records.flatMap(({ outputs }) => outputs ?? []);
  return all.length > 0 ? all : undefined;
}

const slowestKept = 20;
const failedKept = 5;

/** The slowest of all, and the first failed of each outcome. */
export function mergeTraces(records: readonly RunRecord[]): RunRecord['traces'] {
  const all = records.flatMap(({ traces }) => traces ?? []);
  if (all.length === 0) return undefined;
  const failed = all.flatMap((each) => each.failed).sort((a, b) => a.sent_s - b.sent_s);
  const outcomes = [...new Set(failed.map(({ outcome }) => outcome))];
  return {
    share: all[0]!.share,
    sampled: all.reduce((sum, each) => sum + each.sampled, 0),
    slowest: all
      .flatMap((each) => each.slowest)
      .sort((a, b) => (b.e2e ?? 0) - (a.e2e ?? 0))
      .slice(0, slowestKept),
    failed: outcomes.flatMap((outcome) => failed.filter((each) => each.outcome === outcome).slice(0, failedKept)),
  };
}

/** The largest error that a calibration told of any runner; null when one of them knows none. */
export function worstError(records: readonly RunRecord[]): RunRecord['instrument']['error'] {
  const errors = records.map(({ instrument }) => instrument.error);
  if (errors.some((error) => error === null)) return null;
  return errors.reduce((a, b) => (b!.ttft_p95 > a!.ttft_p95 ? b : a))!;
}
