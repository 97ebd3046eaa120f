import type { Told } from 'k6/x/sse';
import type { Parameters } from '../config';
import type { CostReport } from '../cost';
import type { Load } from '../load';
import type { Finding, MetricReport, PhaseReport, TimelinePoint } from '../measurements';
import type { MetricName, Tags } from '../metrics';
import type { ResourceReport } from '../monitor';
import type { Judgement } from '../verdict';
import type { FailureReport } from './failures';
import type { InstrumentReport } from './instrument';
import type { OutputReport } from './outputs';
import type { MergedRun, PartReport } from './part';
import type { TracesReport } from './traces';

/** run.json: the source of truth of a run. Schema: `run.schema.json`, held against this by a test. */
export interface RunRecord {
  schema: 2;
  run_id: string;
  script: string;
  row: string;
  profile: { phases: Load; arrivals: string; vus: number; allowed_s: number };
  /** ISO 8601, UTC: when the load began (or the run, when no load did). */
  started_at: string;
  duration_s: number;
  verdict: Judgement['verdict'];
  reasons: Judgement['reasons'];
  objectives: Judgement['objectives'];
  findings: Finding[];
  /** What the run said about itself: the VUs that it worked out, contradictions of the plan. */
  notes: string[];
  /** What was told of answers beside their outcomes; absent when there was nothing. */
  remarks?: Told[];
  /** What the target said of requests that failed; absent when none failed. */
  failures?: FailureReport;
  /** `resent`: requests that went out a second time, each counted once among the started; absent when there were none. */
  counts: { started: number; finished: number; failed: number; interrupted: number; resent?: number };
  outcomes: { outcome: string; tags: Tags; count: number }[];
  phases: PhaseReport[];
  metrics: Partial<Record<MetricName, MetricReport[]>>;
  timeline: TimelinePoint[];
  instrument: InstrumentReport;
  environment: Environment;
  /** With METRICS_URLS only: what each page of the target said. */
  resources?: ResourceReport[];
  /** With TRACES=w3c only. */
  traces?: TracesReport;
  /** Outputs of k6 (--out) that could not keep everything; absent when none complained. */
  outputs?: OutputReport[];
  /** null: no model of the run has a price. */
  cost: CostReport | null;
  /** Of a run that is one part of a load only. */
  part?: PartReport;
  /** Of a record that npm run merge made only: the parts that it was added up of. */
  merged_from?: MergedRun[];
}

export interface Environment {
  hostname: string;
  os: string;
  kernel: string;
  arch: string;
  cpu_model: string;
  cpus: number;
  memory_bytes: number;
  k6: string;
  go: string;
  project: string;
  commit: string;
  target: string;
  /** Every parameter; keys only by their number. */
  parameters: Record<string, unknown>;
}

/** Parameters for the record: without the keys. */
export function safeParameters({ apiKeys, ...rest }: Parameters): Record<string, unknown> {
  return { ...rest, apiKeys: apiKeys.length };
}
