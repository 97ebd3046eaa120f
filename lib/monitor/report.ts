import type { TimelinePoint } from '../measurements';
import { metrics, type TargetMetric, type TargetValues } from '../metrics';
import { growth, meanOf, type Growth } from '../statistics';

/** One attempt to read a page, as it is noted during the run. */
export interface PageNote {
  page: string;
  /** Unix ms. */
  at: number;
  values?: TargetValues;
  /** The process was started anew since the reading before. */
  again?: true;
  /** It is another process than that of the reading before, and an older one: several answer at this address. */
  another?: true;
  cpus?: number;
  /** Cores that its code can keep busy, where its runtime tells. */
  loops?: number;
  memory?: number;
  /** Connections that the pool of its database may have. */
  pool?: number;
  /** Why it could not be read. */
  failed?: string;
}

/** A reading of a page before the load or after it, with the counters as they stood. */
export interface AroundNote extends Required<Pick<PageNote, 'page' | 'at' | 'values'>> {
  around: 'before' | 'after';
  totals: TargetValues;
  /** When its process was started, Unix seconds; undefined where the page does not tell. */
  start?: number;
}

/** What one page of METRICS_URLS said over the load. */
export interface ResourceReport {
  target: string;
  url: string;
  /** Readings, and attempts that brought none, the first of them in words. */
  readings: number;
  failed: number;
  first_failure?: string;
  restarts: number;
  /** CPUs and memory that the process may use, where its page tells. */
  cpus?: number;
  /** Cores that its code can keep busy, one for each event loop; absent where its runtime is not known. */
  loops?: number;
  memory_bytes?: number;
  /** Connections that the pool of its database may have. */
  pool?: number;
  metrics: Partial<Record<TargetMetric, ResourceStats>>;
}

export interface ResourceStats {
  n: number;
  min: number;
  mean: number;
  max: number;
  /** Since the last restart, without a warm-up (lib/statistics/growth.ts); absent with too few readings. */
  growth?: Growth;
}

const order = Object.keys(metrics).filter((name): name is TargetMetric => name.startsWith('target_'));

/** What was read of each target's page over the run: extremes and means, failed readings, restarts, growth. */
export function resourceReports(
  notes: readonly PageNote[],
  pages: readonly { name: string; url: string }[],
): ResourceReport[] {
  return pages.map(({ name, url }) => {
    const own = notes.filter((note) => note.page === name);
    const read = own.filter((note) => note.values !== undefined);
    const last = read[read.length - 1];
    // Where several answer in turn, that a later start follows on an earlier one is no restart.
    const anew = read.some(({ another }) => another) ? [] : read.filter(({ again }) => again);
    const since = read.slice(Math.max(0, read.indexOf(anew[anew.length - 1]!)));
    const report: ResourceReport = {
      target: name,
      url,
      readings: read.length,
      failed: own.length - read.length,
      first_failure: own.find((note) => note.failed)?.failed,
      restarts: anew.length,
      cpus: last?.cpus,
      loops: last?.loops,
      memory_bytes: last?.memory,
      pool: last?.pool,
      metrics: {},
    };
    for (const metric of order) {
      const values = read.flatMap((note) => note.values![metric] ?? []);
      if (values.length === 0) continue;
      const readings = since.flatMap(({ at, values: each }) =>
        each![metric] === undefined ? [] : [{ t: at / 1000, value: each![metric]! }],
      );
      report.metrics[metric] = {
        n: values.length,
        min: Math.min(...values),
        mean: meanOf(values)!,
        max: Math.max(...values),
        growth: growth(readings),
      };
    }
    return report;
  });
}

/** Puts the readings into the slots of the timeline that they fall into, several of one slot as their mean. */
export function addToTimeline(timeline: TimelinePoint[], notes: readonly PageNote[], startedAt: number): void {
  const slots = new Map<TimelinePoint, PageNote[]>();
  for (const note of notes) {
    const t = (note.at - startedAt) / 1000;
    const point = note.values && timeline.find(({ t_s, seconds }) => t >= t_s && t < t_s + seconds);
    if (point) slots.set(point, [...(slots.get(point) ?? []), note]);
  }
  for (const [point, inSlot] of slots) {
    point.resources = {};
    for (const { page } of inSlot) {
      const own = inSlot.filter((note) => note.page === page);
      const means: TargetValues = {};
      for (const metric of order) {
        const values = own.flatMap((note) => note.values![metric] ?? []);
        if (values.length > 0) means[metric] = meanOf(values);
      }
      point.resources[page] = means;
    }
  }
}
