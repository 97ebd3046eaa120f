import { metrics, type TargetMetric } from '../metrics';
import {
  remarkTexts,
  rounded,
  unitOf,
  labelOf,
  scopeOf,
  wanted,
  figure,
  grafanaLink,
  intervalText,
  limitsOfTarget,
  type RunRecord,
} from '../summary';
import { brief, text, type Block, type Cell, type IntervalsBlock, type TableBlock } from './document';
import { percentileOfStats } from './phases';

/** Rows of a table, or nothing where there are none. */
export function tableOf(head: string[], rows: Cell[][], more: Partial<TableBlock> = {}): TableBlock[] {
  return rows.length === 0 ? [] : [{ kind: 'table', head, rows, ...more }];
}

/** Each objective with its limit and interval: drawn, and as a table. */
export function objectiveBlocks(run: RunRecord): Block[] {
  const drawn = run.objectives.filter(({ measured }) => measured !== null);
  const chart: IntervalsBlock = {
    kind: 'intervals',
    title: 'Objectives: measured, 95 % interval, and limit',
    rows: drawn.map((o) => ({
      name: named(o),
      state: o.state,
      value: o.measured!,
      interval: o.interval,
      limits: Object.values(limitsOfTarget(o.target)).filter((value) => value !== undefined),
      text: figure(o.measured!, unitOf(o, run.findings), o.interval),
      wanted: wanted(o, run.findings),
    })),
  };
  const rows = run.objectives.map((o): Cell[] => {
    const unit = unitOf(o, run.findings);
    return [
      o.state,
      labelOf(o),
      scopeOf(o),
      wanted(o, run.findings),
      o.measured === null ? null : figure(o.measured, unit, o.interval),
      intervalText(o.interval, unit) || null,
      o.n,
      o.reason === 'missed' ? '' : o.reason,
      o.source,
    ];
  });
  const head = ['state', 'objective', 'of', 'wanted', 'measured', '95 % interval', 'samples', 'remark', 'source'];
  return [
    ...(drawn.length > 0 ? [chart] : []),
    ...tableOf(head, rows, { states: run.objectives.map(({ state }) => state) }),
  ];
}

const named = (o: RunRecord['objectives'][number]) =>
  scopeOf(o) === 'all requests' ? labelOf(o) : `${labelOf(o)} (${scopeOf(o)})`;

/** How requests ended, and what the target said of those that failed. */
export function outcomeBlocks(run: RunRecord): Block[] {
  const totals = new Map<string, number>();
  for (const { outcome, count } of run.outcomes) totals.set(outcome, (totals.get(outcome) ?? 0) + count);
  const all = [...totals.values()].reduce((sum, count) => sum + count, 0);
  const rows = [...totals]
    .sort((a, b) => b[1] - a[1])
    .map(([outcome, count]): Cell[] => [outcome, count, brief((100 * count) / all)]);
  const { started, finished, failed, interrupted } = run.counts;
  const samples = run.failures?.samples ?? [];
  return [
    ...tableOf(['outcome', 'requests', '% of all'], rows),
    text(`${started} started = ${finished} finished + ${failed} failed + ${interrupted} interrupted.`),
    ...tableOf(
      ['outcome', 'status', 'requests', 'what the target said', 'first at s', 'last at s', 'some request ids'],
      samples.map((sample): Cell[] => [
        sample.outcome,
        sample.status > 0 ? String(sample.status) : null,
        sample.count,
        sample.text,
        brief(sample.first_s),
        brief(sample.last_s),
        sample.request_ids.map(({ value }) => value).join(', ') || null,
      ]),
      { title: 'Errors, in the words of the target' },
    ),
    ...remarkTexts(run.remarks ?? []).map(text),
  ];
}

/** Where else the run can be looked at. */
export function elsewhere(run: RunRecord): Block[] {
  const link = grafanaLink(run);
  return link
    ? tableOf(['elsewhere', ''], [['This run in Grafana', 'as long as its database has it']], { links: [link] })
    : [];
}

/** The slowest requests with what finds them again: those of the file of requests, and those that were traced. */
export function slowestBlocks({ requests, traces }: RunRecord): Block[] {
  return [...slowestKept(requests), ...slowestTraced(traces)];
}

function slowestKept(requests: RunRecord['requests']): Block[] {
  if (!requests?.slowest?.length) return [];
  const { file, which, one_in, slowest } = requests;
  const of = which === 'failed' ? 'those that failed' : one_in > 1 ? `one of ${one_in} requests` : 'all requests';
  return [
    text(
      `The slowest of ${of} in ${file}. The id is the target's own (x-request-id), by which its log finds the request.`,
    ),
    ...tableOf(
      ['id', 'outcome', 'due at s', 'TTFT ms', 'response ms', 'output tokens', 'kind', 'model', 'phase'],
      slowest.map((r): Cell[] => [
        r.request_id || r.trace_id || 'none told',
        r.outcome,
        brief(r.due_ms === undefined ? null : r.due_ms / 1000),
        brief(r.ttft_ms),
        brief(r.e2e_ms ?? r.end_ms),
        brief(r.completion_tokens),
        r.tags.kind ?? null,
        r.tags.model ?? null,
        r.tags.phase ?? null,
      ]),
    ),
  ];
}

/** The slowest, and the first that failed, where traces were sampled. */
function slowestTraced(traces: RunRecord['traces']): Block[] {
  if (!traces) return [];
  const told = [...traces.slowest, ...traces.failed];
  return tableOf(
    ['trace', 'outcome', 'sent at s', 'TTFT ms', 'response ms', 'kind', 'phase'],
    told.map((t): Cell[] => [
      t.trace_id,
      t.outcome,
      brief(t.sent_s),
      brief(t.ttft),
      brief(t.e2e),
      t.tags.kind ?? null,
      t.tags.phase ?? null,
    ]),
    { links: told.map(({ link }) => link ?? '') },
  );
}

/** The phases as tables: rates, errors, times in ms, and the outcomes of each. */
export function phaseBlocks(run: RunRecord): Block[] {
  const rows = run.phases.map((p): Cell[] => {
    if (p.start_s < 0) return [p.phase, 'not run', ...Array<Cell>(12).fill(null)];
    const ended = p.ok + p.failed;
    return [
      p.phase,
      brief(Math.max(0, p.end_s - p.start_s)),
      brief(p.wanted_rate),
      brief(p.sent_rate),
      p.sent,
      ended > 0 ? brief((100 * p.failed) / ended) : null,
      p.dropped,
      percentileOfStats(p.ttft, 'p50'),
      percentileOfStats(p.ttft, 'p95'),
      percentileOfStats(p.ttft_scheduled, 'p95'),
      percentileOfStats(p.inter_chunk, 'p95'),
      p.max_in_flight,
    ];
  });
  const head = [
    'phase',
    'seconds',
    'wanted/s',
    'sent/s',
    'sent',
    'errors %',
    'dropped',
    'TTFT p50, ms',
    'p95',
    'from due p95',
    'gap p95',
    'in flight',
  ];
  return tableOf(
    head,
    rows.map((row) => row.slice(0, head.length)),
  );
}

/** What the target's pages showed over the run; nothing where none was read. */
export function resourceTable({ resources = [] }: RunRecord): Block[] {
  const rows = resources.flatMap(({ target, readings, metrics: measured }) =>
    (Object.keys(measured) as TargetMetric[]).map((name): Cell[] => {
      const bytes = metrics[name].unit === 'bytes';
      const { min, mean, max } = measured[name]!;
      const unit = bytes ? 'MB' : metrics[name].unit;
      return [
        target,
        metrics[name].meaning.replace(/;.*/, ''),
        unit,
        ...[min, mean, max].map((v) => brief(v / (bytes ? 1e6 : 1))),
        readings,
      ];
    }),
  );
  return [
    ...tableOf(['target', 'what', 'unit', 'least', 'mean', 'most', 'readings'], rows),
    ...resources
      .filter(({ failed }) => failed > 0)
      .map(({ target, failed, first_failure }) =>
        text(`${target}: ${failed} more readings failed, the first with: ${first_failure ?? ''}`),
      ),
  ];
}

/** What the requests cost, by model and agency, USD; nothing where no price is known. */
export function costBlocks({ cost }: RunRecord): Block[] {
  if (!cost) return [];
  const row =
    (by: string) =>
    (r: { name: string; requests: number; input: number; output: number; total: number; mean: number }): Cell[] => [
      by,
      r.name,
      r.requests,
      brief(r.input),
      brief(r.output),
      brief(r.total),
      brief(1000 * r.mean),
    ];
  const head = ['by', 'name', 'requests', 'prompts, USD', 'output, USD', 'total, USD', '1,000 requests, USD'];
  const unpriced = cost.unpriced > 0 ? ` ${cost.unpriced} requests have no price.` : '';
  return [
    text(`USD ${rounded(cost.total)} for ${cost.requests} requests. Prices: ${cost.prices.file}.${unpriced}`),
    ...tableOf(head, [
      ...cost.by_model.map(row('model')),
      ...(cost.by_agency.length > 1 ? cost.by_agency.map(row('agency')) : []),
    ]),
  ];
}

/** How sound the measuring was, and how exact its figures are. */
export function accuracyBlocks({ instrument: i }: RunRecord): Block[] {
  const percent = (share: number) => `${rounded(100 * share)} %`;
  const rows: Cell[][] = [
    ['clock', `${i.clock}${i.clock_reason ? ` (${i.clock_reason})` : ''}`],
    ["the generator's own lateness, p99", figure(i.wake.p99 ?? 0, 'ms')],
    ['events waited in the socket, p99', i.read_delay.p99 === null ? null : figure(i.read_delay.p99, 'ms')],
    ['events in a read', i.events_per_read === null ? null : rounded(i.events_per_read)],
    ['CPU of the generator, share of the machine', percent(i.cpu)],
    ['in its worst second', percent(i.cpu_peak)],
    ['memory of the generator', `${rounded(i.max_rss_bytes / 1e6)} MB`],
    ['error of a percentile by the histogram, at most', percent(i.histogram_error)],
    ...(i.error
      ? [
          ['error of TTFT p95 at this load, by calibration', `± ${percent(i.error.ttft_p95)}`],
          ['error of gap p95', `± ${percent(i.error.gap_p95)}`],
          ['error of gap p99', `± ${percent(i.error.gap_p99)}`],
        ]
      : [['error at this load', 'not known; npm run calibrate measures it on this machine']]),
  ];
  return tableOf(['accuracy', ''], rows);
}

/** What the run ran on, and every parameter that it was given, without secrets. */
export function environmentBlocks({ environment: e, run_id, started_at, profile }: RunRecord): Block[] {
  const said = (value: unknown) =>
    typeof value === 'string' || typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'not set');
  const { parameters, ...rest } = e;
  return [
    ...tableOf(
      ['environment', ''],
      [
        ['run', run_id],
        ['began', started_at],
        ['arrivals', profile.arrivals],
        ['users', String(profile.vus)],
        ...Object.entries(rest).map(([name, value]) => [name, said(value)]),
      ],
    ),
    ...tableOf(
      ['parameter', ''],
      Object.entries(parameters).map(([name, value]) => [name, said(value)]),
    ),
  ];
}
