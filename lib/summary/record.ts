import type { CalibrationPoint, RunLoad } from '../calibration';
import type { Batches, Histogram, Snapshot } from 'k6/x/sse';
import type { Parameters } from '../config';
import type { CostReport } from '../cost';
import type { Load } from '../load/phases';
import type { ResourceReport } from '../monitor/report';
import type { Values } from '../monitor/families';
import { mean, merge, metrics, quantile, type MetricName } from '../metrics';
import type { Tags } from '../objectives';
import { gather, type Judgement } from '../verdict';
import type { OutputReport } from './outputs';
import type { TracesReport } from './traces';

/** run.json: the source of truth of a run. Schema: `run.schema.json`, held against this by a test. */
export interface RunRecord {
  schema: 1;
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
  counts: { started: number; finished: number; failed: number; interrupted: number };
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
}

export interface Finding {
  name: string;
  value: number | null;
  unit: string;
  text: string;
  /** There is no value because the target never did it: an objective about this finding is missed, not unjudged. */
  missed?: boolean;
  /** Samples behind the value, and its 95 % interval. */
  n?: number;
  interval?: [number, number];
  table?: { head: string[]; rows: string[][] };
}

export interface Stats {
  count: number;
  min: number | null;
  mean: number | null;
  p50: number | null;
  p90: number | null;
  p95: number | null;
  p99: number | null;
  p999: number | null;
  max: number | null;
}

/** A metric under one tag set. The histogram stands with the full tag sets only: the others are sums of them. */
export interface MetricReport extends Stats {
  tags: Tags;
  /** Rates and counters: the sum of the values. */
  sum: number;
  histogram?: Histogram;
  /** Beside the histogram: the same values in stretches of time. Absent where none of them had a time. */
  batches?: Batches;
}

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
  resources?: Record<string, Values>;
}

export interface InstrumentReport {
  clock: string;
  clock_reason: string;
  /** Who read the sockets: 'epoll' (pollers of the extension's own) or 'runtime' (those of Go's runtime). */
  poller: string;
  /** By which timers users waited for their arrivals: 'timerfd' or 'runtime'. */
  timer: string;
  /**
   * Requests whose answer was stamped at the read although the clock is the kernel's: over HTTP/2, or in gzip over
   * HTTP/1.1.
   */
  read_clock: { http2: number; gzip: number };
  /** The generator's own lateness against the schedule, ms. */
  wake: Stats;
  /** Kernel's receive stamp to our read, ms. */
  read_delay: Stats;
  /** Content events per read that brought any. */
  events_per_read: number | null;
  /** Share of the machine's CPU time over the load, and in its worst second. */
  cpu: number;
  cpu_peak: number;
  max_rss_bytes: number;
  histogram_error: number;
  /**
   * Share of the content events that came in one read with others that was late by so much that the cause may be ours.
   */
  late_shared: number;
  /**
   * How far the figures may be off at this load by `npm run calibrate` (shares of the truth); null when that is not
   * known.
   */
  error: {
    calibrated_at: string;
    streams: number;
    events_per_s: number;
    ttft_p95: number;
    gap_p95: number;
    gap_p99: number;
  } | null;
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

export function stats(h: Histogram): Stats {
  const q = (share: number) => quantile(h, share) ?? null;
  const filled = h.count > 0;
  return {
    count: h.count,
    min: filled ? h.min : null,
    mean: mean(h) ?? null,
    p50: q(0.5),
    p90: q(0.9),
    p95: q(0.95),
    p99: q(0.99),
    p999: q(0.999),
    max: filled ? h.max : null,
  };
}

/** Sums under fewer tags, so that a reader finds the whole and its parts without adding up. */
const rollUps: readonly (readonly string[])[] = [[], ['phase'], ['kind'], ['phase', 'kind']];

export function metricReports(snapshot: Snapshot): RunRecord['metrics'] {
  const reports: RunRecord['metrics'] = {};
  for (const name of Object.keys(metrics) as MetricName[]) {
    const rows = snapshot.rows.filter((row) => row.metric === name && row.histogram.count > 0);
    if (rows.length === 0) continue;
    const sums = new Map<string, { tags: Tags; parts: Histogram[] }>();
    for (const names of rollUps) {
      for (const row of rows) {
        if (names.some((tag) => row.tags[tag] === undefined)) continue;
        const tags = Object.fromEntries(names.map((tag) => [tag, row.tags[tag]!]));
        const key = JSON.stringify(tags);
        const known = sums.get(key) ?? { tags, parts: [] };
        known.parts.push(row.histogram);
        sums.set(key, known);
      }
    }
    const report = (tags: Tags, h: Histogram): MetricReport => ({ tags, ...stats(h), sum: h.sum });
    reports[name] = [
      ...[...sums.values()].map(({ tags, parts }) => report(tags, merge(parts))),
      ...rows.map((row) => ({ ...report(row.tags, row.histogram), histogram: row.histogram, batches: row.batches })),
    ];
  }
  return reports;
}

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
      sent_rate: phase.start < 0 ? 0 : phase.handed / seconds,
      due: phase.due,
      sent: phase.handed,
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

/** The load of the highest phase: streams at a time, and content events a second. */
export function runLoad(phases: readonly PhaseReport[]): RunLoad {
  const events = (phase: PhaseReport) =>
    ((phase.inter_chunk?.count ?? 0) + (phase.ttft?.count ?? 0)) / Math.max(phase.end_s - phase.start_s, 1);
  return {
    streams: Math.max(0, ...phases.map((phase) => phase.max_in_flight)),
    eventsPerSecond: Math.max(0, ...phases.map(events)),
  };
}

export function instrumentReport(
  { instrument: i }: Snapshot,
  calibrated?: { at: string; point?: CalibrationPoint },
): InstrumentReport {
  const gamma = i.wake.gamma;
  return {
    clock: i.clock,
    clock_reason: i.clockReason,
    poller: i.poller,
    timer: i.timer,
    read_clock: i.readClock,
    wake: stats(i.wake),
    read_delay: stats(i.readDelay),
    events_per_read: i.contentReads > 0 ? i.contentEvents / i.contentReads : null,
    cpu: i.wallSeconds > 0 ? i.cpuSeconds / (i.wallSeconds * i.cpus) : 0,
    cpu_peak: i.cpuPeak,
    max_rss_bytes: i.maxRssBytes,
    histogram_error: gamma > 1 ? (gamma - 1) / (gamma + 1) : 0,
    late_shared: i.contentEvents > 0 ? i.lateShared / i.contentEvents : 0,
    error: calibrated?.point
      ? {
          calibrated_at: calibrated.at,
          streams: calibrated.point.streams,
          events_per_s: calibrated.point.events_per_s,
          ttft_p95: calibrated.point.ttft_p95_error,
          gap_p95: calibrated.point.gap_p95_error,
          gap_p99: calibrated.point.gap_p99_error,
        }
      : null,
  };
}

/** Parameters for the record: without the keys. */
export function safeParameters({ apiKeys, ...rest }: Parameters): Record<string, unknown> {
  return { ...rest, apiKeys: apiKeys.length };
}
