import type { Stats, TimelinePoint } from '../measurements';
import type { MetricName } from '../metrics';
import type { LinesBlock } from './document';
import { overTime, pictureOf, type Charted } from './time';

/*
 * The live page's charts are those of the report, of what is known while the run goes on: the same slots of time that
 * run.json has in the end.
 */

/** The first line of the live page's file: what is run, and what it is judged by. */
export interface LiveHead extends Pick<Charted, 'profile' | 'phases' | 'objectives'> {
  script: string;
  /** Where run.json will be. */
  folder: string;
  slot_seconds: number;
}

/** A later line, as showLive() of xk6-sse/sse.d.ts writes it. */
export interface LiveLine {
  /** ms since the load began. */
  t: number;
  end: number;
  line: string;
  slots: {
    slot: number;
    started: number;
    outcomes: Record<string, number> | null;
    inFlight: number;
    metrics: Partial<Record<MetricName, { count: number; p50: number; p95: number; p99: number }>>;
  }[];
}

/** What an open page shows: the server of `npm run live` sends it. */
export interface LiveState {
  /** "starting", "running", a verdict, or "ended": k6 ended without one. */
  state: string;
  title: string;
  line: string;
  reasons: string[];
  /** Nothing more will come. */
  over: boolean;
  /** Share of the load that is done. */
  done: number;
  charts: LinesBlock[];
}

/** What was told of a run so far. */
export interface LiveRun {
  head: LiveHead;
  /** The newest line. */
  last?: LiveLine;
  /** The newest figures of each slot. */
  slots: Map<number, LiveLine['slots'][number]>;
}

/** The charts of a run so far; none before the first request. */
export function liveCharts({ head, last, slots }: LiveRun): LinesBlock[] {
  if (!last || slots.size === 0) return [];
  const timeline = pointsOf(head, slots);
  const run: Charted = {
    ...head,
    timeline,
    metrics: {},
    duration_s: Math.max(last.t, last.end) / 1000,
    counts: { started: timeline.reduce((sum, { started }) => sum + started, 0) },
  };
  const picture = pictureOf(run);
  return [...(picture ? [picture] : []), ...overTime(run).filter((block) => block.kind === 'lines')];
}

/**
 * Whether nearly all requests that were sent in a slot have ended. Of the newest ones only the quick have, whose times
 * would make the target look better than it is; 30 s later those that failed are not waited for.
 */
const isWhole = ({ started, metrics }: LiveLine['slots'][number]) =>
  (metrics.llm_e2e_scheduled?.count ?? 0) >= 0.9 * started;

function pointsOf({ slot_seconds, phases }: LiveHead, slots: LiveRun['slots']): TimelinePoint[] {
  const points: TimelinePoint[] = [];
  for (let i = 0; i <= Math.max(...slots.keys()); i++) {
    const slot = slots.get(i);
    const t = i * slot_seconds;
    const outcomes = slot?.outcomes ?? {};
    const ok = (outcomes.ok ?? 0) + (outcomes.cancelled ?? 0);
    const told = slot !== undefined && (isWhole(slot) || Math.max(...slots.keys()) - i > 30 / slot_seconds);
    const ended = Object.values(outcomes).reduce((sum, n) => sum + n, 0);
    const of = (metric: MetricName): Stats | undefined => {
      const found = told ? slot.metrics[metric] : undefined;
      return found && { min: null, mean: null, p90: null, p999: null, max: null, ...found };
    };
    points.push({
      t_s: t,
      seconds: slot_seconds,
      phase: phases.find(({ start_s, end_s }) => t >= start_s && t < end_s)?.phase ?? '',
      started: slot?.started ?? 0,
      ok,
      failed: ended - ok - (outcomes.interrupted ?? 0),
      // Where nothing began or ended, as many are under way as before.
      in_flight: slot?.inFlight ?? points.at(-1)?.in_flight ?? 0,
      ttft_scheduled: of('llm_ttft_scheduled'),
      e2e_scheduled: of('llm_e2e_scheduled'),
    });
  }
  return points;
}
