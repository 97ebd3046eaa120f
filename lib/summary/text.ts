import { reasonLine } from '../verdict';
import { fitted, type Column } from './columns';
import { failureLines } from './failures';
import { grafanaLink } from './grafana';
import { nextStep } from './next';
import { outputLines } from './outputs';
import { remarkTexts } from './remarks';
import { requestsText } from './requests';
import type { RunRecord } from './run-record';
import { file, labelled, paint, wrapped, type Screen } from './screen';
import { rowText, sentOf } from './sent';
import { kindColumns, objectiveColumns, phaseColumns } from './tables';
import { traceLines } from './traces';
import { labelOf, rounded } from './words';

const num = (value: number | null | undefined) => (value === null || value === undefined ? '-' : rounded(value));

/** That the wall clock was set, where it was. */
function stepsText({ clock_steps: steps }: RunRecord['instrument']): string {
  if (!steps) return '';
  return `; the wall clock was set ${steps.count} time${steps.count === 1 ? '' : 's'} during the run (by ${num(steps.largest_ms)} ms at most), what came then has the time of its read`;
}

/** What is not among the reasons of the verdict, and is not to go unsaid. */
const toTell = ({ state, reason }: RunRecord['objectives'][number]) =>
  reason !== '' && (state === 'ok' || state === 'not judged');

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

const stateColours = { ok: 'good', MISSED: 'bad', 'too close': 'doubt', 'too few': 'doubt' } as const;

/** A table, with a sentence for the columns that had no room; "" lines around it. */
function tableLines(screen: Screen, columns: readonly Column[], note = ''): string[] {
  const { lines, left_out } = fitted(columns, screen.columns);
  const states = lines.map((line) =>
    line.replace(
      /^ {2}(ok|MISSED|too close|too few)\b/,
      (_, state: keyof typeof stateColours) => '  ' + paint(screen, stateColours[state], state),
    ),
  );
  const stars = lines.some((line) => /\d\*/.test(line));
  const notes = [
    note,
    stars && '* has fewer samples than this percentile needs: a rough figure.',
    left_out > 0 && `${left_out === 1 ? '1 more column stands' : `${left_out} more columns stand`} in the report.`,
  ].filter(Boolean);
  return [...states, ...(notes.length > 0 ? wrapped(screen, `  ${notes.join(' ')}`) : []), ''];
}

function findingLines(screen: Screen, { text, table }: RunRecord['findings'][number]): string[] {
  const said = labelled(screen, 'finding', text);
  if (!table) return said;
  const columns = table.head.map(
    (head, i): Column => ({ head, right: i > 0, rank: i, cells: table.rows.map((row) => row[i] ?? '') }),
  );
  return [...said, '', ...tableLines(screen.terminal ? screen : { ...screen, columns: Infinity }, columns)];
}

function instrumentLines(screen: Screen, { instrument: i, environment }: RunRecord): string[] {
  const { http2, gzip, unix = 0 } = i.read_clock;
  const read = [
    http2 > 0 && `${http2} requests over HTTP/2`,
    unix > 0 && `${unix} requests over a unix socket`,
    gzip > 0 && `${gzip} requests in gzip`,
  ]
    .filter(Boolean)
    .join(' and ');
  const percent = (share: number) => `${num(100 * share)} %`;
  return [
    ...labelled(
      screen,
      'instrument',
      `clock ${i.clock}${i.clock_reason ? ` (${i.clock_reason})` : ''}${read && `, but the time of the read for ${read}`}${stepsText(i)}; the generator was late by ${num(i.wake.p99)} ms (p99); ` +
        `CPU ${num(100 * i.cpu)} % of ${environment.cpus} cores; memory ${num(i.max_rss_bytes / 1e6)} MB; ${num(i.events_per_read)} events in a read; histograms exact to ${percent(i.histogram_error)}`,
    ),
    ...labelled(
      screen,
      'accuracy',
      i.error
        ? `± ${percent(i.error.ttft_p95)} TTFT p95, ± ${percent(i.error.gap_p95)} gap p95, ± ${percent(i.error.gap_p99)} gap p99; calibrated on ${i.error.calibrated_at.slice(0, 10)} at ${i.error.streams} streams with ${Math.round(i.error.events_per_s)} events/s`
        : 'not known for this load; `npm run calibrate` measures it on this machine',
    ),
  ];
}

function outcomeLines(screen: Screen, run: RunRecord): string[] {
  const totals = new Map<string, number>();
  for (const { outcome, count } of run.outcomes) totals.set(outcome, (totals.get(outcome) ?? 0) + count);
  const sorted = [...totals].sort((a, b) => b[1] - a[1]).map(([outcome, count]) => `${outcome} ${count}`);
  const c = run.counts;
  const resent = c.resent ? `; ${c.resent} went out a second time` : '';
  return [
    ...(sorted.length > 0 ? labelled(screen, 'outcomes', sorted.join(', ')) : []),
    ...failureLines(run).flatMap((line) => wrapped(screen, line)),
    ...labelled(
      screen,
      'requests',
      `${c.started} started = ${c.finished} finished + ${c.failed} failed + ${c.interrupted} interrupted${resent}`,
    ),
  ];
}

const verdictColours = { PASS: 'good', FAIL: 'bad', INVALID: 'doubt' } as const;

function endLines(screen: Screen, run: RunRecord, folder: string, reported: boolean): string[] {
  return [
    ...(run.requests ? labelled(screen, 'kept', requestsText(run.requests, folder)) : []),
    ...(folder ? [`  written to  ${folder}`] : []),
    ...(folder && reported ? [`  report      ${folder}/report.html`] : []),
    ...(grafanaLink(run) ? [`  Grafana     ${grafanaLink(run)}`] : []),
    '',
    `  verdict     ${paint(screen, verdictColours[run.verdict], run.verdict)}`,
    ...run.reasons.flatMap((reason) => labelled(screen, '', reasonLine(reason))),
    ...labelled(screen, 'next', nextStep(run, folder, reported)),
  ];
}

/**
 * The summary on the terminal, of nothing but run.json's content. It ends with the verdict and the next step. `reported`
 * is false where report.html could not be written: no line may name a file that is not there.
 */
export function textSummary(run: RunRecord, folder = '', screen: Screen = file, reported = true): string {
  const [sent, target] = sentOf(run);
  const say = (label: string, texts: readonly string[]) => texts.flatMap((text) => labelled(screen, label, text));
  const ran = run.phases.some((phase) => phase.start_s >= 0);
  const out = [
    '',
    ...wrapped(screen, `  ${paint(screen, 'strong', run.script)}: ${sent}`),
    ...wrapped(screen, `  ${target}`),
    ...wrapped(screen, `  ${rowText(run)}`),
    '',
    ...(run.objectives.length > 0 ? tableLines(screen, objectiveColumns(run)).slice(0, -1) : []),
    ...run.objectives.filter(toTell).flatMap((o) => wrapped(screen, `  ${labelOf(o)}: ${o.reason}`)),
    ...(run.objectives.length > 0 ? [''] : []),
    ...(ran ? tableLines(screen, phaseColumns(run), 'Times in ms.') : []),
    ...(ran && run.outcomes.some(({ tags }) => tags.kind !== undefined)
      ? tableLines(
          screen,
          kindColumns(run),
          'Times in ms, from the sending; "from due" counts from when a request was due.',
        )
      : []),
    ...outcomeLines(screen, run),
    ...(run.cost ? labelled(screen, 'cost', costText(run.cost)) : []),
    ...run.findings.flatMap((finding) => findingLines(screen, finding)),
    ...say('target', (run.resources ?? []).map(resourceText)),
    ...say('note', run.notes),
    ...say('remark', remarkTexts(run.remarks ?? [])),
    ...instrumentLines(screen, run),
    ...[...traceLines(run), ...outputLines(run, folder)].flatMap((line) => wrapped(screen, line)),
    ...endLines(screen, run, folder, reported),
  ];
  return out.join('\n') + '\n\n';
}
