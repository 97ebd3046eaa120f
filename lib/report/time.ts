import type { PhaseReport, TimelinePoint } from '../measurements';
import type { TargetMetric } from '../metrics';
import { coarse, mergeBatches } from '../statistics';
import { labelOf, limitsOfTarget, scopeOf, type RunRecord } from '../summary';
import type { ObjectiveResult } from '../verdict';
import {
  brief,
  groupRoles,
  type Band,
  type Block,
  type HeatBlock,
  type Line,
  type LinesBlock,
  type Role,
} from './document';

/** What charts over time are made of. */
export type Charted = Pick<RunRecord, 'duration_s' | 'timeline' | 'metrics'> & {
  counts: Pick<RunRecord['counts'], 'started'>;
  profile: Pick<RunRecord['profile'], 'phases' | 'arrivals'>;
  phases: Pick<PhaseReport, 'phase' | 'start_s' | 'end_s'>[];
  objectives: Pick<ObjectiveResult, 'name' | 'metric' | 'stat' | 'tags' | 'target'>[];
};

/** The phases as they ran. */
function bandsOf(run: Charted): Band[] {
  return run.phases
    .filter(({ start_s }) => start_s >= 0)
    .map(({ phase, start_s, end_s }) => ({
      from: brief(start_s)!,
      to: brief(Math.min(end_s, Math.max(run.duration_s, start_s)))!,
      name: phase,
    }));
}

/** Limits of a latency that objectives name, for lines in its chart. */
function limitsOf(run: Charted, metrics: readonly string[]): LinesBlock['limits'] {
  return run.objectives
    .filter(({ metric }) => metrics.includes(metric))
    .flatMap((o) => {
      const { below, atMost, atLeast } = limitsOfTarget(o.target);
      const value = below ?? atMost ?? atLeast;
      const scope = scopeOf(o) === 'all requests' ? '' : `, ${scopeOf(o)}`;
      return value === undefined ? [] : [{ value, name: `${labelOf(o)}${scope}: limit ${value}` }];
    });
}

type Of = (point: TimelinePoint) => number | null | undefined;
type Latency = 'ttft' | 'ttft_scheduled' | 'e2e' | 'e2e_scheduled';

const line = (run: Pick<Charted, 'timeline'>, name: string, role: Role, of: Of, more: Partial<Line> = {}): Line => ({
  name,
  role,
  values: run.timeline.map((point) => brief(of(point))),
  ...more,
});

function timeChart(
  run: Charted,
  title: string,
  unit: string,
  lines: Line[],
  more: Partial<LinesBlock> = {},
): LinesBlock[] {
  // Nothing failed: then there is no line of failures, which would lie along the axis.
  const drawn = lines.filter(({ role, values }) =>
    values.some((value) => (role === 'failed' ? (value ?? 0) > 0 : value !== null)),
  );
  if (drawn.length === 0) return [];
  const x = { scale: 'time' as const, name: 'time', values: run.timeline.map(({ t_s }) => t_s) };
  return [{ kind: 'lines', title, unit, x, lines: drawn, bands: bandsOf(run), ...more }];
}

const rate =
  (count: (point: TimelinePoint) => number): Of =>
  (point) =>
    count(point) / point.seconds;
const latencies = (run: Charted, key: Latency): Line[] => [
  line(run, 'median', 'median', (p) => p[key]?.p50),
  line(run, 'p95', 'p95', (p) => (enough(p, key, 20) ? p[key]?.p95 : null)),
  line(run, 'p99', 'p99', (p) => (enough(p, key, 100) ? p[key]?.p99 : null)),
];
/** A percentile that fewer values than one lie beyond is the largest value, and says nothing of its own. */
const enough = (point: TimelinePoint, key: Latency, n: number) => (point[key]?.count ?? 0) >= n;

/** A failover's time line: what users saw while each fault was there, and after it. */
export function failoverLine(run: Charted): LinesBlock[] {
  const share: Of = ({ ok, failed }) => (ok + failed > 0 ? (100 * failed) / (ok + failed) : null);
  return timeChart(
    run,
    'Failover time line: what users saw while each fault was there',
    '% failed',
    [
      line(run, 'requests failed', 'failed', share, { area: true }),
      line(run, 'time to first token, median', 'median', (p) => p.ttft_scheduled?.p50, { right: true }),
      line(run, 'time to first token, longest', 'p95', (p) => p.ttft_scheduled?.max, { right: true }),
    ],
    // What lies between two faults has no name of its own: so there is room for those of the faults.
    { rightUnit: 'ms', bands: bandsOf(run).filter(({ name }) => !name.startsWith('after-')) },
  );
}

/** The whole run: load and latency over time, phases, limits. */
export function pictureOf(run: Charted): LinesBlock | undefined {
  if (run.counts.started === 0) return undefined;
  const streams = run.timeline.some(({ ttft_scheduled }) => ttft_scheduled);
  const key = streams ? 'ttft_scheduled' : 'e2e_scheduled';
  const what = streams ? 'time to first token' : 'response time';
  const [drawn] = timeChart(
    run,
    `Load and ${what}`,
    'ms',
    [
      line(
        run,
        'requests sent',
        'load',
        rate((p) => p.started),
        { right: true, area: true },
      ),
      line(
        run,
        'requests failed',
        'failed',
        rate((p) => p.failed),
        { right: true },
      ),
      line(run, `${what}, median`, 'median', (p) => p[key]?.p50),
      line(run, `${what}, p95`, 'p95', (p) => (enough(p, key, 20) ? p[key]?.p95 : null)),
    ],
    {
      rightUnit: 'requests/s',
      limits: limitsOf(run, streams ? ['llm_ttft', 'llm_ttft_scheduled'] : ['llm_e2e', 'llm_e2e_scheduled']),
    },
  );
  return drawn;
}

/** Latency, load, errors and what was in flight, over time. */
export function overTime(run: Charted): Block[] {
  return [
    ...timeChart(run, 'Time to first token, from when the request was due', 'ms', latencies(run, 'ttft_scheduled'), {
      limits: limitsOf(run, ['llm_ttft', 'llm_ttft_scheduled']),
    }),
    ...timeChart(run, 'Response time, from when the request was due', 'ms', latencies(run, 'e2e_scheduled'), {
      limits: limitsOf(run, ['llm_e2e', 'llm_e2e_scheduled']),
    }),
    ...timeChart(run, 'Requests', 'requests/s', [
      line(
        run,
        'sent',
        'sent',
        rate((p) => p.started),
      ),
      line(
        run,
        'ended well',
        'ok',
        rate((p) => p.ok),
      ),
      line(
        run,
        'failed',
        'failed',
        rate((p) => p.failed),
      ),
      { name: 'wanted', role: 'wanted', values: wantedRates(run) },
    ]),
    ...timeChart(run, 'In flight', 'requests, the most at once', [
      line(run, 'in flight', 'load', (p) => p.in_flight, { area: true }),
    ]),
    ...tokensOverTime(run),
    ...heat(run),
  ];
}

/** The rate that the schedule had at each point: phases climb from the rate before them, then hold theirs. */
function wantedRates(run: Charted): (number | null)[] {
  if (run.profile.arrivals === 'closed') return run.timeline.map(() => null);
  return run.timeline.map(({ t_s, phase: name }) => {
    const i = run.profile.phases.findIndex((phase) => phase.name === name);
    const phase = run.profile.phases[i];
    const began = run.phases.find((each) => each.phase === name)?.start_s;
    if (!phase || began === undefined) return null;
    const before = run.profile.phases[i - 1]?.rate ?? 0;
    const gone = phase.climbSeconds > 0 ? Math.min(1, Math.max(0, (t_s - began) / phase.climbSeconds)) : 1;
    return brief(before + (phase.rate - before) * gone);
  });
}

function tokensOverTime(run: Charted): LinesBlock[] {
  const per = (metric: 'llm_prompt_tokens' | 'llm_completion_tokens') =>
    mergeBatches((run.metrics[metric] ?? []).flatMap(({ batches }) => batches ?? []));
  const [prompts, outputs] = [per('llm_prompt_tokens'), per('llm_completion_tokens')];
  const first = outputs ?? prompts;
  if (!first || first.count.length < 2) return [];
  const of = (batches: typeof first | undefined) =>
    first.count.map((_, i) => {
      if (!batches || batches.width !== first.width) return null;
      const sum = batches.sum[first.first + i - batches.first];
      return sum === undefined ? null : brief((1000 * sum) / batches.width);
    });
  const lines: Line[] = [
    { name: 'output tokens', role: 'c1', values: of(outputs) },
    { name: 'prompt tokens', role: 'c2', values: of(prompts) },
  ];
  const x = {
    scale: 'time' as const,
    name: 'time',
    values: first.count.map((_, i) => ((first.first + i) * first.width) / 1000),
  };
  return [
    {
      kind: 'lines',
      title: 'Tokens of the requests that were due then',
      unit: 'tokens/s',
      x,
      lines: lines.filter(({ values }) => values.some((value) => value !== null)),
      bands: bandsOf(run),
    },
  ];
}

/** Gaps between chunks by time and length. */
function heat(run: Charted): HeatBlock[] {
  const batches = mergeBatches((run.metrics.llm_inter_chunk ?? []).flatMap((row) => row.batches ?? []));
  if (!batches || batches.count.length < 2) return [];
  const pairs = batches.buckets.flatMap((list, column) =>
    list.flatMap((bucket, i) => (i % 2 === 0 ? [{ column, bucket, count: list[i + 1]! }] : [])),
  );
  if (pairs.length === 0) return [];
  const gamma = run.metrics.llm_inter_chunk!.find(({ histogram }) => histogram)!.histogram!.gamma;
  const low = Math.min(...pairs.map(({ bucket }) => bucket));
  const high = Math.max(...pairs.map(({ bucket }) => bucket));
  return [
    {
      kind: 'heat',
      title: 'Gaps between chunks',
      unit: 'ms',
      columns: Array.from({ length: batches.count.length + 1 }, (_, i) => ((batches.first + i) * batches.width) / 1000),
      rows: Array.from({ length: high - low + 2 }, (_, i) => brief(gamma ** (coarse * (low + i - 1)))!),
      cells: pairs.flatMap(({ column, bucket, count }) => [column, bucket - low, count]),
    },
  ];
}

const resourceCharts: readonly (readonly [string, TargetMetric, string, number])[] = [
  ["The target's CPU", 'target_cpu', 'cores', 1],
  ["The target's resident memory", 'target_memory', 'MB', 1e6],
  ["The target's open files", 'target_files', 'files', 1],
  ["Delay of the target's event loop, p99", 'target_loop_lag', 'ms', 1],
];
/** What the pages of METRICS_URLS said, over time. */
export function resourcesOverTime(run: RunRecord): LinesBlock[] {
  return resourceCharts.flatMap(([title, metric, unit, scale]) =>
    timeChart(
      run,
      title,
      unit,
      (run.resources ?? []).map(({ target }, i) =>
        line(run, target, groupRoles[i % groupRoles.length]!, ({ resources }) => {
          const value = resources?.[target]?.[metric];
          return value === undefined ? null : value / scale;
        }),
      ),
    ),
  );
}
