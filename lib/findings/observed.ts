import type { Outcome, Snapshot } from 'k6/x/sse';
import type { Parameters } from '../config';
import type { Finding, PhaseReport, TimelinePoint } from '../measurements';
import type { MetricName } from '../metrics';
import type { AroundNote, ResourceReport } from '../monitor';
import type {
  EnvironmentRecord,
  Fact,
  FailureNote,
  GroupNote,
  RefreshNote,
  RequestNote,
  RestartNote,
  RungNote,
  TraceNote,
  TruthRecord,
  TurnNote,
} from '../truth';

/*
 * What findings are made of. A finding is a pure function over what a run measured, for what is no objective: a share,
 * a time, a breaking point.
 */

export interface Measurements {
  phases: readonly PhaseReport[];
  timeline: readonly TimelinePoint[];
  /** What the target's own pages said; undefined without METRICS_URLS. */
  resources?: readonly ResourceReport[];
  /** What was booked under each set of tags. */
  booked?: Pick<Snapshot, 'rows' | 'outcomes'>;
}

/** What a test with `notes` knows beside that. */
export interface Observed extends Measurements {
  /** Every request, in the order of its arrival. */
  requests: readonly RequestNote[];
  /** What the simulated provider recorded of this run's requests; undefined where it was not read. */
  truth?: readonly TruthRecord[];
  /** Requests that failed, of the phases in which they were noted. */
  failures?: readonly FailureNote[];
  /** The rates of phases, those among them that were chosen while the load went on (feature `searchingCapacity`). */
  rungs?: readonly RungNote[];
  /** Requests that were sent in groups (feature `inGroups`). */
  groups?: readonly GroupNote[];
  /** Turns of conversations (feature `inSessions`), in the order in which they ended. */
  turns?: readonly TurnNote[];
  /** What the target's pages said before the load and after it, with a feature that reads them then. */
  around?: readonly AroundNote[];
  /** What the hook told of each restart, with a feature that restarts the target. */
  restarts?: readonly RestartNote[];
  /** How soon requests were on the target's page, and what was seen of traces, with a feature that looks. */
  refreshes?: readonly RefreshNote[];
  traces?: readonly TraceNote[];
  /** What the environment is, and what it was in an earlier run, with a feature that knows. */
  facts?: readonly Fact[];
  record?: EnvironmentRecord;
  /** What was asked after the load, one after the other, with a feature that does. */
  probes?: readonly ProbeNote[];
}

/** One request after the load, that no load was beside. */
export interface ProbeNote {
  model: string;
  /** Tokens of its prompt, by the target's own count. */
  tokens: number;
  outcome: Outcome;
  status: number;
  /** Until its answer had ended, or until it was given up, ms. */
  ms: number;
  /** By the usage of its answer; -1: it told none. */
  promptTokens: number;
  /** The beginning of the answer of one that was refused. */
  said: string;
}

/** Values of metrics that follow from one request's note and its truth, under the tags of the request. */
export interface DerivedValues {
  tags: Record<string, string>;
  values: Partial<Record<MetricName, number | number[]>>;
  /** When its request was sent, ms since the schedule's start. */
  at: number;
}

/** Makes findings; `ids` are those that it can make: an objectives file that names another is refused. */
interface Made {
  readonly ids: readonly string[];
  /** What it takes that they are made, in words; "" when nothing: for who asks why one was not judged. */
  readonly takes: string;
}

export type FindingOf = ((measured: Measurements) => Finding) & Made;
export type FindingsOf = ((observed: Observed) => readonly Finding[]) & Made;

/** A function that makes one finding, with its id. */
export function finding(id: string, make: (measured: Measurements) => Finding): FindingOf {
  return Object.assign(make, { ids: [id], takes: '' });
}

/** A function that makes several findings, with the ids that they may have, and what it takes that they are made. */
export function findings(
  ids: readonly string[],
  make: (observed: Observed) => readonly Finding[],
  takes = '',
): FindingsOf {
  return Object.assign(make, { ids, takes });
}

/** What acts on a run while it goes on (at a phase's beginning, at the end) works with. */
export interface Context {
  p: Parameters;
  /** The beginning of the ids of this run's requests. */
  run: string;
}

export type { GroupNote };
