import type { PhaseReport } from '../measurements';
import { tagText } from '../metrics';
import type { ObjectiveResult } from '../verdict';
import { failureLines } from './failures';
import { outputLines } from './outputs';
import { remarkTexts } from './remarks';
import type { RunRecord } from './run-record';
import { traceLines } from './traces';

/** Significant digits that a reader can use; units stand in the column's head. */
function num(value: number | null | undefined, digits = 3): string {
  if (value === null || value === undefined) return '-';
  if (Math.abs(value) < 1e-6) return '0';
  if (Math.abs(value) < 0.01) return Number(value.toPrecision(2)).toString();
  return Math.abs(value) >= 1000 ? Math.round(value).toString() : Number(value.toPrecision(digits)).toString();
}

/** That the wall clock was set, where it was. */
function stepsText({ clock_steps: steps }: RunRecord['instrument']): string {
  if (!steps) return '';
  return `; the wall clock was set ${steps.count} time${steps.count === 1 ? '' : 's'} during the run (by ${num(steps.largest_ms)} ms at most), what came then has the time of its read`;
}

/** Columns by their longest cell; numbers (from `right` on) to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], right: number): string[] {
  const width = head.map((cell, i) => Math.max(cell.length, ...rows.map((row) => (row[i] ?? '').length)));
  const line = (cells: readonly string[]) =>
    '  ' +
    cells
      .map((cell, i) => (i >= right ? cell.padStart(width[i]!) : cell.padEnd(width[i]!)))
      .join('  ')
      .trimEnd();
  return [line(head), '  ' + width.map((n) => '-'.repeat(n)).join('  '), ...rows.map(line)];
}

function objectiveRow(o: ObjectiveResult): string[] {
  const interval = o.interval ? `${num(o.interval[0])} .. ${num(o.interval[1])}` : '-';
  const state = o.state === 'missed' ? 'MISSED' : o.state;
  return [state, o.name, tagText(o.tags) || 'all', o.target, num(o.measured), interval, String(o.n)];
}

/** What is not among the reasons of the verdict, and is not to go unsaid. */
const toTell = ({ state, reason }: ObjectiveResult) => reason !== '' && (state === 'ok' || state === 'not judged');

function phaseRow(p: PhaseReport): string[] {
  const ended = p.ok + p.failed;
  return [
    p.phase,
    p.start_s < 0 ? 'not run' : `${num(p.end_s - p.start_s)} s`,
    num(p.wanted_rate),
    num(p.sent_rate),
    String(p.sent),
    ended > 0 ? `${num((100 * p.failed) / ended)} %` : '-',
    String(p.dropped),
    num(p.ttft?.p50),
    num(p.ttft?.p95),
    num(p.inter_chunk?.p95),
    num(p.e2e?.p50),
    num(p.e2e?.p95),
    num(p.e2e?.p99),
    num(p.e2e_scheduled?.p99),
    String(p.max_in_flight),
  ];
}

function costText({
  total,
  input,
  requests,
  unpriced,
  by_model,
  by_agency,
  prices,
}: NonNullable<RunRecord['cost']>): string {
  const per = (rows: typeof by_model) => rows.map(({ name, mean }) => `${name} ${num(1000 * mean)}`).join(', ');
  const agencies = by_agency.length > 1 ? `; by agency: ${per(by_agency)}` : '';
  return `USD ${num(total)} for ${requests} requests, ${num((100 * input) / Math.max(total, 1e-12))} % of it prompts; USD for 1000: ${per(by_model)}${agencies} (prices: ${prices.file}${unpriced > 0 ? `; ${unpriced} requests have none` : ''})`;
}

function resourceText({
  target,
  metrics: m,
  readings,
  failed,
  first_failure,
  restarts,
}: NonNullable<RunRecord['resources']>[number]): string {
  const span = (stats: { min: number; max: number } | undefined, scale = 1) =>
    stats ? `${num(stats.min / scale)} .. ${num(stats.max / scale)}` : '';
  const told = [
    m.target_cpu && `CPU ${num(m.target_cpu.mean)} cores (at most ${num(m.target_cpu.max)})`,
    m.target_memory && `memory ${span(m.target_memory, 1e6)} MB`,
    m.target_files && `files ${span(m.target_files)}`,
    m.target_sockets && `sockets ${span(m.target_sockets)}`,
    m.target_threads && `threads ${span(m.target_threads)}`,
    m.target_loop_lag && `event loop late by ${span(m.target_loop_lag)} ms (p99)`,
    restarts > 0 && `RESTARTED ${restarts} times`,
  ].filter(Boolean);
  return `${target}: ${told.join(', ')}${told.length > 0 ? '; ' : ''}${readings} readings${failed > 0 ? `, ${failed} more failed: ${first_failure}` : ''}`;
}

/** The table on the terminal, of nothing but run.json's content. */
export function textSummary(run: RunRecord, folder = ''): string {
  const out: string[] = [
    '',
    `  ${run.script}: ${run.row}`,
    `  ${run.environment.target}, ${run.started_at}, ${num(run.duration_s)} s`,
    '',
  ];
  if (run.objectives.length > 0) {
    out.push(
      ...table(
        ['', 'objective', 'of', 'wanted', 'measured', '95 % interval', 'n'],
        run.objectives.map(objectiveRow),
        4,
      ),
      ...run.objectives.filter((o) => toTell(o)).map((o) => `  ${o.name}: ${o.reason}`),
      '',
    );
  }
  const ran = run.phases.filter((phase) => phase.start_s >= 0);
  if (ran.length > 0) {
    const head = [
      'phase',
      'time',
      'want/s',
      'sent/s',
      'sent',
      'errors',
      'dropped',
      'ttft p50',
      'p95',
      'gap p95',
      'e2e p50',
      'p95',
      'p99',
      'sched p99',
      'in flight',
    ];
    out.push(
      ...table(head, ran.map(phaseRow), 1),
      '  (times in ms; sched p99 counts from the time at which a request was due)',
      '',
    );
  }
  const totals = new Map<string, number>();
  for (const { outcome, count } of run.outcomes) totals.set(outcome, (totals.get(outcome) ?? 0) + count);
  if (totals.size > 0)
    out.push(
      `  outcomes    ${[...totals]
        .sort((a, b) => b[1] - a[1])
        .map(([outcome, count]) => `${outcome} ${count}`)
        .join(', ')}`,
    );
  out.push(...failureLines(run));
  const c = run.counts;
  out.push(
    `  requests    ${c.started} started = ${c.finished} finished + ${c.failed} failed + ${c.interrupted} interrupted${c.resent ? `; ${c.resent} went out a second time` : ''}`,
  );
  if (run.cost) out.push(`  cost        ${costText(run.cost)}`);
  for (const finding of run.findings) {
    out.push(`  finding     ${finding.text}`);
    if (finding.table) out.push('', ...table(finding.table.head, finding.table.rows, 1), '');
  }
  for (const each of run.resources ?? []) out.push(`  target      ${resourceText(each)}`);
  for (const note of run.notes) out.push(`  note        ${note}`);
  for (const text of remarkTexts(run.remarks ?? [])) out.push(`  remark      ${text}`);
  const i = run.instrument;
  const { http2, gzip } = i.read_clock;
  const read = [http2 > 0 && `${http2} requests over HTTP/2`, gzip > 0 && `${gzip} requests in gzip`]
    .filter(Boolean)
    .join(' and ');
  out.push(
    `  instrument  clock ${i.clock}${i.clock_reason ? ` (${i.clock_reason})` : ''}${read && `, but the time of the read for ${read}`}${stepsText(i)}; the generator was late by ${num(i.wake.p99)} ms (p99); ` +
      `CPU ${num(100 * i.cpu)} % of ${run.environment.cpus} cores; memory ${num(i.max_rss_bytes / 1e6)} MB; ${num(i.events_per_read)} events in a read; histograms exact to ${num(100 * i.histogram_error, 2)} %`,
  );
  const percent = (share: number) => `${num(100 * share, 2)} %`;
  out.push(
    i.error
      ? `  accuracy    ± ${percent(i.error.ttft_p95)} TTFT p95, ± ${percent(i.error.gap_p95)} gap p95, ± ${percent(i.error.gap_p99)} gap p99; calibrated on ${i.error.calibrated_at.slice(0, 10)} at ${i.error.streams} streams with ${Math.round(i.error.events_per_s)} events/s`
      : '  accuracy    not known for this load; `npm run calibrate` measures it on this machine',
  );
  out.push(...traceLines(run), ...outputLines(run, folder));
  if (folder) out.push(`  written to  ${folder}`);
  out.push('', `  verdict     ${run.verdict}`);
  for (const reason of run.reasons) out.push(`              ${reason.about}: ${reason.text}`);
  return out.join('\n') + '\n\n';
}
