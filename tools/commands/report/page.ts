import type { Histogram } from 'k6/x/sse';
import { metrics, type MetricName, type TargetMetric } from '../../../lib/metrics';
import { merge, quantile } from '../../../lib/statistics';
import type { PhaseReport, Stats } from '../../../lib/measurements';
import type { RunRecord } from '../../../lib/summary';
import { chart, html, short, type Line } from './chart';
import { style } from './style';
import { section, table, type Cell } from './table';

/** The report of a run: one HTML page of nothing but run.json's content, without scripts and with nothing to load. */
export function reportPage(run: RunRecord): string {
  const ran = run.phases.filter((phase) => phase.start_s >= 0);
  const bands = ran.map((phase) => ({
    from: phase.start_s,
    to: Math.min(phase.end_s, run.duration_s),
    name: phase.phase,
  }));
  const overTime = (name: string, of: (point: RunRecord['timeline'][number]) => number | null | undefined): Line => ({
    name,
    points: run.timeline.map((point) => [point.t_s, of(point) ?? null]),
  });
  const latency = (title: string, key: 'ttft' | 'e2e' | 'e2e_scheduled') =>
    chart({
      title,
      unit: 'ms',
      bands,
      lines: [
        overTime('median', (p) => p[key]?.p50),
        overTime('p95', (p) => p[key]?.p95),
        overTime('p99', (p) => p[key]?.p99),
      ],
    });
  const outcomes = new Map<string, number>();
  for (const { outcome, count } of run.outcomes) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
  const i = run.instrument;
  const e = run.environment;
  const body = [
    `<h1>${html(run.script)} <span class="verdict ${run.verdict}">${run.verdict}</span></h1>`,
    `<p class="dim">${html(run.row)}<br>${html(e.target)}, ${html(run.started_at)}, ${short(run.duration_s)} s, run ${html(run.run_id)}</p>`,
    section(
      'Reasons',
      run.reasons.length === 0
        ? ''
        : `<ul>${run.reasons.map((reason) => `<li><b>${html(reason.about)}</b>: ${html(reason.text)}</li>`).join('')}</ul>`,
    ),
    section(
      'Objectives',
      table(
        ['', 'objective', 'of', 'wanted', 'measured', '95 % interval', 'n', 'told', 'source'],
        run.objectives.map((o) => [
          o.state === 'missed' ? 'MISSED' : o.state,
          o.name,
          Object.entries(o.tags)
            .map(([tag, value]) => `${tag}=${value}`)
            .join(' ') || 'all',
          o.target,
          o.measured,
          o.interval && `${short(o.interval[0])} .. ${short(o.interval[1])}`,
          o.n,
          o.reason === 'missed' ? '' : o.reason,
          o.source,
        ]),
      ).replace(/<td>MISSED<\/td>/g, '<td class="missed">MISSED</td>'),
    ),
    section(
      'Phases',
      table(
        [
          'phase',
          's',
          'wanted/s',
          'sent/s',
          'sent',
          'failed %',
          'dropped',
          'TTFT p50',
          'p95',
          'gap p95',
          'e2e p50',
          'p95',
          'p99',
          'from schedule p99',
          'in flight',
        ],
        ran.map(phaseCells),
      ) +
        (ran.length > 0
          ? '<p class="dim">Times in ms. "From schedule": counted from when the schedule wanted the request sent.</p>'
          : ''),
    ),
    section(
      'Over time',
      wrap([
        latency('Time to first token', 'ttft'),
        latency('Response time', 'e2e'),
        latency('Response time from the scheduled time', 'e2e_scheduled'),
        chart({
          title: 'Requests',
          unit: 'per second',
          bands,
          lines: [
            overTime('sent', (p) => p.started / p.seconds),
            overTime('ok', (p) => p.ok / p.seconds),
            overTime('failed', (p) => p.failed / p.seconds),
          ],
        }),
        chart({
          title: 'In flight',
          unit: 'requests, the most at once',
          bands,
          lines: [overTime('in flight', (p) => p.in_flight)],
        }),
      ]),
    ),
    section('Percentiles', wrap((['llm_ttft', 'llm_inter_chunk', 'llm_e2e'] as const).map((name) => curve(run, name)))),
    section(
      'Outcomes',
      table(
        ['outcome', 'requests'],
        [...outcomes].sort((a, b) => b[1] - a[1]),
      ) +
        `<p class="dim">${run.counts.started} started = ${run.counts.finished} finished + ${run.counts.failed} failed + ${run.counts.interrupted} interrupted</p>`,
    ),
    section(
      'Findings',
      table(
        ['finding', 'value', 'unit', ''],
        run.findings.map((finding) => [
          finding.id + (finding.of ? ` (${finding.of})` : ''),
          finding.value,
          finding.unit,
          finding.text,
        ]),
      ),
    ),
    section('Traces', tracesTable(run)),
    section(
      "The target's resources",
      resourcesTable(run) +
        wrap(
          resourceCharts.map(([title, metric, unit, scale]) =>
            chart({
              title,
              unit,
              bands,
              lines: (run.resources ?? []).map(({ target }) =>
                overTime(target, ({ resources }) => perUnit(resources?.[target]?.[metric], scale)),
              ),
            }),
          ),
        ),
    ),
    section(
      'Notes',
      run.notes.length === 0 ? '' : `<ul>${run.notes.map((note) => `<li>${html(note)}</li>`).join('')}</ul>`,
    ),
    section(
      'Instrument',
      table(
        ['', ''],
        [
          ['clock', i.clock + (i.clock_reason ? ` (${i.clock_reason})` : '')],
          ...Object.entries({
            'own lateness p99, ms': i.wake.p99,
            'events waited for the read p99, ms': i.read_delay.p99,
            'events per read': i.events_per_read,
            'CPU, % of the machine': 100 * i.cpu,
            'CPU in the worst second, %': 100 * i.cpu_peak,
            'memory, MB': i.max_rss_bytes / 1e6,
            'histogram error, %': 100 * i.histogram_error,
          }).map(([name, value]) => [name, value === null ? null : short(value)]),
        ],
      ),
    ),
    section(
      'Environment',
      table(
        ['', ''],
        [...Object.entries(e).filter(([name]) => name !== 'parameters'), ...Object.entries(e.parameters)].map(
          ([name, value]) => [
            name,
            typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value),
          ],
        ),
      ),
    ),
  ].join('\n');
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>${html(run.script)}: ${run.verdict}</title><style>${style}</style></head>\n<body>\n${body}\n</body></html>\n`;
}

function wrap(charts: readonly string[]): string {
  const drawn = charts.filter((one) => one !== '');
  return drawn.length === 0 ? '' : `<div class="charts">${drawn.join('\n')}</div>`;
}

function phaseCells(p: PhaseReport): Cell[] {
  const ended = p.ok + p.failed;
  const of = (stats: Stats | undefined, key: 'p50' | 'p95' | 'p99') => stats?.[key];
  return [
    p.phase,
    p.end_s - p.start_s,
    p.wanted_rate,
    p.sent_rate,
    p.sent,
    ended > 0 ? (100 * p.failed) / ended : null,
    p.dropped,
    of(p.ttft, 'p50'),
    of(p.ttft, 'p95'),
    of(p.inter_chunk, 'p95'),
    of(p.e2e, 'p50'),
    of(p.e2e, 'p95'),
    of(p.e2e, 'p99'),
    of(p.e2e_scheduled, 'p99'),
    p.max_in_flight,
  ];
}

const shares = [
  0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999,
];

/** The percentile curve of each phase, from the histograms: each step to the right is a tail half as thick. */
function curve(run: RunRecord, name: MetricName): string {
  const rows = (run.metrics[name] ?? []).filter((row) => row.histogram !== undefined);
  const at = (share: number) => -Math.log2(1 - share);
  const lines = run.phases.map(({ phase }): Line => {
    const h: Histogram = merge(rows.filter((row) => row.tags.phase === phase).map((row) => row.histogram!));
    // A percentile of fewer values than lie beyond it once says nothing.
    return {
      name: `${phase} (n ${h.count})`,
      points: shares
        .filter((share) => h.count * (1 - share) >= 1)
        .map((share) => [at(share), quantile(h, share) ?? null]),
    };
  });
  const marks = [0.1, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999].map(
    (share) => [at(share), `p${Number((100 * share).toFixed(1))}`] as const,
  );
  const last = Math.max(0, ...lines.flatMap((line) => line.points.map(([x]) => x)));
  const titles: Partial<Record<MetricName, string>> = {
    llm_ttft: 'Time to first token',
    llm_inter_chunk: 'Gap between chunks',
    llm_e2e: 'Response time',
  };
  return chart({
    title: `${titles[name] ?? name} by percentile`,
    unit: 'ms',
    lines,
    marks: marks.filter(([x]) => x <= last + 1e-9),
  });
}

const resourceCharts: readonly (readonly [string, TargetMetric, string, number])[] = [
  ['CPU', 'target_cpu', 'cores', 1],
  ['Resident memory', 'target_memory', 'MB', 1e6],
  ['Open files', 'target_files', 'files', 1],
];

const perUnit = (value: number | undefined, scale: number) => (value === undefined ? undefined : value / scale);

function resourcesTable({ resources = [] }: RunRecord): string {
  const rows = resources.flatMap(({ target, readings, metrics: measured }) =>
    (Object.keys(measured) as TargetMetric[]).map((name) => {
      const bytes = metrics[name].unit === 'bytes';
      const { min, mean, max } = measured[name]!;
      return [
        target,
        metrics[name].meaning.replace(/;.*/, ''),
        bytes ? 'MB' : metrics[name].unit,
        ...[min, mean, max].map((value) => value / (bytes ? 1e6 : 1)),
        readings,
      ];
    }),
  );
  const failed = resources
    .filter((each) => each.failed > 0)
    .map(
      (each) =>
        `<p class="dim">${html(each.target)}: ${each.failed} more readings failed, the first with: ${html(each.first_failure ?? '')}</p>`,
    );
  return table(['target', '', 'unit', 'least', 'mean', 'most', 'readings'], rows) + failed.join('\n');
}

function tracesTable({ traces }: RunRecord): string {
  if (!traces) return '';
  const rows = [...traces.slowest, ...traces.failed];
  const made = table(
    ['trace', 'outcome', 'sent at s', 'TTFT ms', 'e2e ms', 'kind', 'phase'],
    rows.map((t) => [t.trace_id, t.outcome, t.sent_s, t.ttft, t.e2e, t.tags.kind, t.tags.phase]),
  );
  return rows.reduce(
    (page, t) =>
      !/^https?:\/\//.test(t.link ?? '')
        ? page
        : page.replace(`<td>${t.trace_id}</td>`, `<td><a href="${html(t.link!)}">${t.trace_id}</a></td>`),
    made,
  );
}
