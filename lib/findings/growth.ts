import type { Finding } from '../measurements';
import type { TargetMetric } from '../metrics';
import type { ResourceReport } from '../monitor';
import { growth, growthNeeds, meanOf, type Growth } from '../statistics';
import { startedAnew, throttled } from './process';
import { findings, type FindingsOf, type Observed } from './observed';

/*
 * What an endurance run looks for: memory, files, sockets, threads that only grow, and answers that become slower. The
 * value of such a finding is the growth that is beyond doubt, the low end of its 95 % interval, and 0 where that holds
 * none.
 */

interface Kind {
  metric: TargetMetric;
  id: string;
  unit: string;
  /** How it is called in a sentence. */
  noun: string;
  /** Units of the metric in one of the finding's. */
  scale: number;
  /** What a process may gain in a warm-up, in the metric's unit and as a share of where it began: the larger counts. */
  warmUp: { units: number; share: number };
}

const many = { units: 50, share: 0.5 };
const kinds: readonly Kind[] = [
  {
    metric: 'target_memory',
    id: 'memory-growth',
    unit: 'MB/h',
    noun: 'resident memory',
    scale: 1e6,
    warmUp: { units: 64e6, share: 0.5 },
  },
  { metric: 'target_files', id: 'open-files-growth', unit: '1/h', noun: 'open files', scale: 1, warmUp: many },
  { metric: 'target_sockets', id: 'sockets-growth', unit: '1/h', noun: 'open sockets', scale: 1, warmUp: many },
  { metric: 'target_threads', id: 'threads-growth', unit: '1/h', noun: 'threads', scale: 1, warmUp: many },
  { metric: 'target_tasks', id: 'goroutines-growth', unit: '1/h', noun: 'goroutines', scale: 1, warmUp: many },
  {
    metric: 'target_connections',
    id: 'connections-growth',
    unit: '1/h',
    noun: 'connections to the database in use',
    scale: 1,
    warmUp: many,
  },
  {
    metric: 'target_queue',
    id: 'queue-growth',
    unit: '1/h',
    noun: 'what waits in queues',
    scale: 1,
    warmUp: many,
  },
];

/** In a window shorter than this, seconds, growth may still be the warm-up's. */
const shortWindow = 900;

/**
 * The growth that neither chance nor, in a short run, a warm-up explains: units an hour; and what had to be there for
 * it to show.
 */
export function certain(grown: Growth, warmUp: Kind['warmUp']): { perHour: number; visible: number } {
  const allowed =
    grown.seconds < shortWindow ? (Math.max(warmUp.units, warmUp.share * grown.began) * 3600) / grown.seconds : 0;
  return { perHour: Math.max(0, grown.interval[0] - allowed), visible: grown.per_hour - grown.interval[0] + allowed };
}

const figure = (value: number) =>
  Math.abs(value) >= 100 ? Math.round(value).toString() : Number(value.toPrecision(2)).toString();
const signed = (value: number) => `${value > 0 ? '+' : ''}${figure(value)}`;
const time = (seconds: number) =>
  seconds < 120
    ? `${Math.round(seconds)} s`
    : seconds < 7200
      ? `${Math.round(seconds / 60)} min`
      : `${figure(seconds / 3600)} h`;

/** What it takes that anything is known of the target's resources. */
const pages = 'METRICS_URLS with a page that tells it';

/** Growth of what the target holds; nothing without METRICS_URLS. */
export const resourceGrowth: FindingsOf = findings(
  kinds.map(({ id }) => id),
  (observed) => {
    const { resources = [] } = observed;
    const made: Finding[] = [];
    for (const kind of kinds) {
      // A page that was there at the start and never again is no growth of nothing: it cannot be said.
      const having = resources.filter(
        ({ metrics, readings, failed }) =>
          metrics[kind.metric] !== undefined || (kind.metric === 'target_memory' && readings === 0 && failed > 0),
      );
      if (having.length > 0) made.push(worst(having.map((report) => growthOf(report, kind, observed))));
    }
    return made;
  },
  pages,
);

/** CPU and memory of the target in a phase against what it may use, where its page tells that. */
export function resourceUse(phase: string): FindingsOf {
  return findings(
    ['cpu-use', 'memory-use', 'throttled-share', 'started-anew'],
    ({ resources = [], timeline }) => {
      const points = timeline.filter((point) => point.phase === phase);
      const found: Finding[] = [];
      const used = (
        id: string,
        metric: TargetMetric,
        noun: string,
        level: (values: readonly number[]) => number,
        limit: (report: ResourceReport) => number | undefined,
        told: (report: ResourceReport, value: number) => string = () => '',
      ) => {
        const made = resources.flatMap((report): Finding[] => {
          const values = points.flatMap((point) => point.resources?.[report.target]?.[metric] ?? []);
          const most = limit(report);
          if (!most || values.length === 0) return [];
          const value = level(values) / most;
          return [
            {
              id,
              value,
              unit: 'share',
              n: values.length,
              text: `${report.target}: ${noun} in phase ${phase} was ${figure(100 * value)} % of what it may use${told(report, value)}`,
            },
          ];
        });
        if (made.length > 0) found.push(worst(made));
      };
      used('cpu-use', 'target_cpu', 'mean CPU', (values) => meanOf(values)!, usableCores, bottleneck);
      used(
        'memory-use',
        'target_memory',
        'resident memory at its highest',
        (values) => Math.max(...values),
        ({ memory_bytes: memory }) => memory,
      );
      return [...found, ...throttled(resources, points, phase), ...startedAnew(resources, timeline)];
    },
    pages + ', and what the process may use of it',
  );
}

/** More CPU than its event loops can use, and by so much more: other threads of it do part of the work. */
const besideLoops = 1.1;
/** A process this busy is at its limit: what is left goes to waiting for its turn. */
const atLimit = 0.9;

/**
 * Cores that a process can keep busy: what the machine gives it, and no more than its code can use. A Node or Python
 * process runs its code on one thread, and at one core it is at its end, however many the machine has.
 */
export function usableCores({
  cpus,
  loops,
  metrics,
}: Pick<ResourceReport, 'cpus' | 'loops' | 'metrics'>): number | undefined {
  if (loops === undefined || (metrics.target_cpu?.max ?? 0) > loops * besideLoops) return cpus;
  return Math.min(cpus ?? Infinity, loops);
}

function bottleneck(report: ResourceReport, value: number): string {
  if (value < atLimit) return '';
  const { cpus = Infinity, loops } = report;
  const cores = usableCores(report)!;
  const why =
    loops === cores && loops < cpus
      ? `its code runs on ${loops === 1 ? 'one thread' : `${loops} threads`}, so more cores would not help: it needs more processes`
      : 'it needs more cores, or other processes beside it';
  return `: it is at its limit and the bottleneck; ${why}`;
}

/**
 * One finding of the targets': that of the largest value, all in its words. A target that cannot be judged comes first.
 */
function worst(made: readonly Finding[]): Finding {
  const first = made.reduce((a, b) => ((b.value ?? Infinity) > (a.value ?? Infinity) ? b : a));
  return { ...first, text: made.map(({ text }) => text).join('; ') };
}

function growthOf(
  { target, metrics, restarts, first_failure }: ResourceReport,
  kind: Kind,
  observed: Observed,
): Finding {
  const { noun, unit, scale } = kind;
  const { growth: grown, n } = metrics[kind.metric] ?? { growth: undefined, n: 0 };
  const base = { id: kind.id, unit, n };
  if (n === 0)
    return {
      ...base,
      value: null,
      text: `${target}: its page could not be read once during the load (${first_failure}), so nothing is known of its ${noun}`,
    };
  const anew = restarts > 0 ? ` since the last of its ${restarts} restarts` : '';
  if (!grown)
    return {
      ...base,
      value: null,
      text: `${target}: ${n} readings of ${noun}${anew}, ${growthNeeds} are needed to say whether it grows: a longer run, or a shorter METRICS_INTERVAL`,
    };
  const { perHour, visible } = certain(grown, kind.warmUp);
  const [low, high] = grown.interval;
  const rate = `${signed(grown.per_hour / scale)} ${unit === '1/h' ? 'an hour' : unit} [${signed(low / scale)}, ${signed(high / scale)}]`;
  const between = `from ${figure(grown.from / scale)} to ${figure(grown.to / scale)}${unit === 'MB/h' ? ' MB' : ''} in ${time(grown.seconds)}${anew}`;
  if (perHour === 0) {
    return {
      ...base,
      value: 0,
      text: `${target}: no growth of ${noun} is shown: ${rate}, ${between}; a growth below ${figure(visible / scale)} ${unit === '1/h' ? 'an hour' : unit} would not show in this run`,
    };
  }
  return {
    ...base,
    value: perHour / scale,
    text: `${target}: ${noun} grew ${rate}, ${between}${perRequest(grown, kind, observed)}${heapToo(kind, metrics)}; at least ${figure(perHour / scale)} ${unit === '1/h' ? 'an hour' : unit} is neither chance nor warm-up`,
  };
}

/** What grows with the requests is held by them. */
function perRequest(grown: Growth, { unit, scale }: Kind, { timeline }: Observed): string {
  const seconds = timeline.reduce((sum, point) => sum + point.seconds, 0);
  const started = timeline.reduce((sum, point) => sum + point.started, 0);
  if (started === 0) return '';
  const each = (grown.per_hour * seconds) / (3600 * started);
  return unit === 'MB/h'
    ? `, ${figure(each / 1000)} kB for each request`
    : `, ${figure((1000 * each) / scale)} for 1000 requests`;
}

function heapToo({ metric }: Kind, { target_heap: heap }: ResourceReport['metrics']): string {
  if (metric !== 'target_memory' || !heap?.growth) return '';
  return heap.growth.interval[0] > 0
    ? ' (its heap grows too: objects that something still refers to)'
    : ' (its heap does not: look at buffers, native memory, threads)';
}

/**
 * How much slower the first token comes at the end of a phase than at its beginning, as far as it is beyond doubt: a
 * share.
 */
export function ttftGrowth(phase: string): FindingsOf {
  return findings(
    ['ttft-growth'],
    ({ timeline }) => {
      const readings = timeline
        .filter((point) => point.phase === phase && point.ttft?.p50 != null)
        .map((point) => ({ t: point.t_s, value: point.ttft!.p50! }));
      const grown = growth(readings);
      if (!grown || grown.from <= 0) return [];
      const over = grown.seconds / 3600 / grown.from;
      const [low, high] = grown.interval.map((each) => each * over) as [number, number];
      const percent = (share: number) => `${signed(100 * share)} %`;
      return [
        {
          id: 'ttft-growth',
          value: Math.max(0, low),
          unit: 'share',
          n: readings.length,
          text: `${low > 0 ? 'the median TTFT grew' : 'no growth of the median TTFT is shown'}: ${percent(grown.per_hour * over)} [${percent(low)}, ${percent(high)}] over ${time(grown.seconds)}, from ${figure(grown.from)} to ${figure(grown.to)} ms`,
        },
      ];
    },
    'a load long enough to see a growth in',
  );
}
