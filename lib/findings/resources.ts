import { phases } from '../load';
import type { Finding, TimelinePoint } from '../measurements';
import type { TargetMetric } from '../metrics';
import type { AroundNote, ResourceReport } from '../monitor';
import { lineThrough, meanOf, medianOf, type Line } from '../statistics';
import { usableCores } from './growth';
import { findings, type Observed } from './observed';

/*
 * What a request costs the target: a straight line through what its page told at several rates. Where the line meets the
 * axis is what the target uses while nobody asks; its slope is what a request costs.
 */

/** Requests a second of the plan's steps, after a time without any; the time without any after them shows what was kept. */
const rates = [1, 2, 5, 10, 25, 50];
const step = (rate: number) => `at-${rate}`;
/** The plan's normal load. */
export const normalLoad = step(rates[rates.length - 1]!);

export const resourceLoad = phases(Object.fromEntries(rates.map((rate) => [step(rate), { rate, for: '2m' }])));

/** Everything that the script `resources` finds beside CPU and memory against their limits. */
export const costOfRequests = findings(
  [
    'cpu-per-request',
    'first-limit',
    'log-per-request',
    'collecting-per-request',
    'sent-per-request',
    'connections-in-use',
    'connections-kept',
    'queue-kept',
    'memory-kept',
  ],
  ({ resources = [], timeline, around = [] }: Observed) =>
    resources.flatMap((report) => {
      const view = viewOf(report, timeline, around);
      return [
        ...cpu(view),
        ...perRequest(view, 'target_log', logs),
        ...perRequest(view, 'target_collecting', collections),
        ...perRequest(view, 'target_sent', sent),
        ...connections(view),
        ...queue(view),
        ...memory(view),
        ...limits(view),
      ];
    }),
  'METRICS_URLS with a page that tells it',
);

/** What one page told, slot by slot. */
interface View {
  report: ResourceReport;
  /** The mean of a metric in a phase. */
  in(phase: string, metric: TargetMetric): number | undefined;
  /** The median of a metric while nobody asked. */
  idle(around: AroundNote['around'], metric: TargetMetric): number | undefined;
  /** Its least value then: what is more in another reading came back, or is somebody else's. */
  least(around: AroundNote['around'], metric: TargetMetric): number | undefined;
  /** A metric against requests a second, a point for each phase. */
  line(metric: TargetMetric): Line | undefined;
}

function viewOf(report: ResourceReport, timeline: readonly TimelinePoint[], notes: readonly AroundNote[]): View {
  const names = [...new Set(timeline.map(({ phase }) => phase))];
  const values = (phase: string, metric: TargetMetric) => {
    const found = timeline
      .filter((point) => point.phase === phase)
      .flatMap((point) => point.resources?.[report.target]?.[metric] ?? []);
    // The first reading of a phase looks back into the phase before.
    return found.length > 2 ? found.slice(1) : found;
  };
  const rateOf = (phase: string) => {
    const own = timeline.filter((point) => point.phase === phase);
    const seconds = own.reduce((sum, point) => sum + point.seconds, 0);
    return seconds > 0 ? own.reduce((sum, point) => sum + point.started, 0) / seconds : 0;
  };
  const mean = (phase: string, metric: TargetMetric) => meanOf(values(phase, metric));
  const read = (around: AroundNote['around'], metric: TargetMetric) =>
    notes
      .filter((note) => note.around === around && note.page === report.target)
      .flatMap(({ values: each }) => each[metric] ?? []);
  const idle: View['idle'] = (around, metric) => medianOf(read(around, metric));
  return {
    report,
    in: mean,
    idle,
    least(around, metric) {
      const found = read(around, metric);
      return found.length === 0 ? undefined : Math.min(...found);
    },
    line(metric) {
      const still = idle('before', metric);
      const loaded = names.flatMap((phase) => {
        const y = mean(phase, metric);
        return y === undefined ? [] : [{ x: rateOf(phase), y }];
      });
      return lineThrough(still === undefined ? loaded : [{ x: 0, y: still }, ...loaded]);
    },
  };
}

const figure = (value: number) =>
  Math.abs(value) >= 100 ? Math.round(value).toString() : Number(value.toPrecision(2)).toString();
const range = ([low, high]: readonly [number, number]) => `[${figure(low)}, ${figure(high)}]`;

function cpu({ report, line }: View): Finding[] {
  const found = line('target_cpu');
  if (!found) return [];
  const ms = found.slope * 1000;
  const interval: [number, number] = [found.interval[0] * 1000, found.interval[1] * 1000];
  const idleShare = Math.max(0, found.base);
  const fills = interval[0] > 0 ? `; ${figure((1 - idleShare) / found.slope)} requests/s fill a core` : '';
  return [
    {
      id: 'cpu-per-request',
      of: report.target,
      value: ms,
      unit: 'ms',
      n: found.n,
      interval,
      text: `${report.target}: ${figure(ms)} ms of CPU a request ${range(interval)}, ${figure(100 * idleShare)} % of a core without any${fills}`,
    },
  ];
}

interface Kind {
  id: string;
  unit: string;
  /** Units of the metric in one of the finding's. */
  scale: number;
  say(value: string, interval: string): string;
}

const logs: Kind = {
  id: 'log-per-request',
  unit: 'KB',
  scale: 1000,
  say: (value, interval) => `${value} KB of log a request ${interval}`,
};
const collections: Kind = {
  id: 'collecting-per-request',
  unit: 'ms',
  scale: 0.001,
  say: (value, interval) => `${value} ms of garbage collection a request ${interval}`,
};
const sent: Kind = {
  id: 'sent-per-request',
  unit: 'KB',
  scale: 1000,
  say: (value, interval) => `${value} KB sent a request ${interval}`,
};

function perRequest({ report, line }: View, metric: TargetMetric, { id, unit, scale, say }: Kind): Finding[] {
  const found = line(metric);
  if (!found) return [];
  const interval: [number, number] = [found.interval[0] / scale, found.interval[1] / scale];
  const value = found.slope / scale;
  const text = `${report.target}: ${say(figure(value), range(interval))}`;
  return [{ id, of: report.target, value, unit, n: found.n, interval, text }];
}

function connections(view: View): Finding[] {
  const { report } = view;
  const metric = 'target_connections';
  const [first, most, last] = [
    view.idle('before', metric) ?? 0,
    view.in(normalLoad, metric),
    view.least('after', metric),
  ];
  const found: Finding[] = [];
  const of = report.target;
  const pool = report.pool;
  if (most !== undefined && pool) {
    const peak = report.metrics[metric]?.max ?? most;
    found.push({
      id: 'connections-in-use',
      of,
      value: peak / pool,
      unit: 'share',
      text: `${of}: ${figure(first)} connections to the database in use without load, ${figure(most)} at the normal load, ${figure(peak)} at most of ${pool} that there may be`,
    });
  }
  if (last !== undefined)
    found.push({
      id: 'connections-kept',
      of,
      value: Math.max(0, last - first),
      unit: 'connections',
      text:
        last > first
          ? `${of}: ${figure(last - first)} connections to the database never came back: ${figure(first)} in use before the load, ${figure(last)} after it, when no request was under way`
          : `${of}: all connections to the database came back after the load`,
    });
  return found;
}

function queue(view: View): Finding[] {
  const { report } = view;
  const left = view.least('after', 'target_queue');
  if (left === undefined) return [];
  const first = view.idle('before', 'target_queue') ?? 0;
  const [of, value] = [report.target, Math.max(0, left - first)];
  const most = report.metrics.target_queue?.max ?? left;
  const text =
    value > 0
      ? `${of}: ${figure(left)} records still waited in its queue when nobody asked any more, ${figure(most)} at most: they come faster than they are written`
      : `${of}: its queue was empty again after the load, with ${figure(most)} records at most`;
  return [{ id: 'queue-kept', of, value, unit: 'records', text }];
}

/** What a process may gain in a short load without keeping anything of it, MB: its heap settles. */
const warmUpMb = 150;

function memory(view: View): Finding[] {
  const { report } = view;
  const [first, last] = [view.idle('before', 'target_memory'), view.idle('after', 'target_memory')];
  if (first === undefined || last === undefined) return [];
  const [of, value] = [report.target, (last - first) / 1e6];
  const text = `${of}: resident memory was ${figure(first / 1e6)} MB before the load and ${figure(last / 1e6)} MB after it, when no request was under way${value > warmUpMb ? ': more than a warm-up explains stays' : ''}`;
  return [{ id: 'memory-kept', of, value, unit: 'MB', text }];
}

/** What is used up first if the load goes on rising along the lines. */
function limits(view: View): Finding[] {
  const { report, line } = view;
  const ends = (
    [
      ['CPU', 'target_cpu', usableCores(report), (most: number) => `${figure(most)} cores`],
      ['memory', 'target_memory', report.memory_bytes, (most: number) => `${figure(most / 1e6)} MB`],
      ['database connections', 'target_connections', report.pool, (most: number) => `${most} connections`],
    ] as const
  ).flatMap(([what, metric, most, say]) => {
    const found = line(metric);
    if (!found || !most || found.interval[0] <= 0) return [];
    return [{ rate: (most - found.base) / found.slope, text: `${what} (${say(most)})` }];
  });
  ends.sort((a, b) => a.rate - b.rate);
  if (ends.length === 0) return [];
  const text = ends.map((each) => `${each.text} at about ${figure(each.rate)} requests/s`).join(', then ');
  return [
    {
      id: 'first-limit',
      of: report.target,
      value: ends[0]!.rate,
      unit: 'requests/s',
      text: `${report.target}: first at its limit, if use goes on rising in a straight line: ${text}`,
    },
  ];
}
