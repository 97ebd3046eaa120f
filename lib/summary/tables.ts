import type { PhaseReport, Stats } from '../measurements';
import type { MetricName, Tags } from '../metrics';
import { samplesNeeded } from '../statistics';
import type { Column } from './columns';
import type { RunRecord } from './run-record';
import { timeText } from './sent';
import { figure, intervalText, labelOf, rounded, scopeOf, unitOf, wanted } from './words';

const shares = { p50: 0.5, p95: 0.95, p99: 0.99 } as const;
type Percentile = keyof typeof shares;

/** A percentile; with a star where it has fewer samples than it takes. */
function percentile(stats: Stats | undefined, key: Percentile): string {
  const value = stats?.[key];
  if (value === null || value === undefined) return '-';
  return `${rounded(value)}${stats!.count < samplesNeeded(shares[key]) ? '*' : ''}`;
}

const percent = (part: number, whole: number) => (whole > 0 ? `${rounded((100 * part) / whole)} %` : '-');

const right = (head: string, cells: string[], rank?: number): Column => ({ head, cells, rank, right: true });

/** Each objective: state, what it measured, and what was wanted, with units. */
export function objectiveColumns(run: Pick<RunRecord, 'objectives' | 'findings'>): Column[] {
  const { objectives: all, findings } = run;
  const unit = all.map((o) => unitOf(o, findings));
  return [
    { head: '', cells: all.map(({ state }) => (state === 'missed' ? 'MISSED' : state)) },
    { head: 'objective', cells: all.map(labelOf) },
    { head: 'of', cells: all.map(scopeOf), rank: 3 },
    right(
      'measured',
      all.map(({ measured, interval }, i) => (measured === null ? '-' : figure(measured, unit[i]!, interval))),
    ),
    { head: 'wanted', cells: all.map((o) => wanted(o, findings)) },
    { head: '95 % interval', cells: all.map(({ interval }, i) => intervalText(interval, unit[i]!) || '-'), rank: 1 },
    right(
      'samples',
      all.map(({ n }) => String(n)),
      2,
    ),
  ];
}

/** The values of a metric under exactly these tags: a sum that run.json holds. */
const under = (run: RunRecord, metric: MetricName, tags: Tags): Stats | undefined =>
  run.metrics[metric]?.find(
    ({ tags: own, histogram }) =>
      histogram === undefined &&
      Object.keys(own).length === Object.keys(tags).length &&
      Object.entries(tags).every(([name, value]) => own[name] === value),
  );

/** Kinds of request, the one with the most requests first; chats before all. */
function kindsOf(run: RunRecord): { kind: string; requests: number; failed: number }[] {
  const kinds = new Map<string, { kind: string; requests: number; failed: number }>();
  for (const { tags, outcome, count } of run.outcomes) {
    if (tags.kind === undefined) continue;
    const known = kinds.get(tags.kind) ?? { kind: tags.kind, requests: 0, failed: 0 };
    known.requests += count;
    if (outcome !== 'ok' && outcome !== 'cancelled' && outcome !== 'interrupted') known.failed += count;
    kinds.set(tags.kind, known);
  }
  const first = ({ kind }: { kind: string }) => (kind === 'chat' ? 0 : 1);
  return [...kinds.values()].sort((a, b) => first(a) - first(b) || b.requests - a.requests);
}

/** Times by kind of request: those of chats and of lists of models are of different orders, and share no figure. */
export function kindColumns(run: RunRecord): Column[] {
  const kinds = kindsOf(run);
  const of = (metric: MetricName, key: Percentile) =>
    kinds.map(({ kind }) => percentile(under(run, metric, { kind }), key));
  return [
    { head: 'kind', cells: kinds.map(({ kind }) => kind) },
    right(
      'requests',
      kinds.map(({ requests }) => String(requests)),
    ),
    right(
      'errors',
      kinds.map(({ failed, requests }) => percent(failed, requests)),
    ),
    right('TTFT p50', of('llm_ttft', 'p50')),
    right('p95', of('llm_ttft', 'p95')),
    right('p99', of('llm_ttft', 'p99'), 2),
    right('response p50', of('llm_e2e', 'p50')),
    right('p95', of('llm_e2e', 'p95')),
    right('p99', of('llm_e2e', 'p99')),
    right('from due p99', of('llm_e2e_scheduled', 'p99'), 1),
    right('tokens/s p50', of('llm_tokens_per_second', 'p50'), 3),
  ];
}

/** What became of each phase. Response times are those of one kind of request, which the head names. */
export function phaseColumns(run: RunRecord): Column[] {
  const ran = run.phases.filter(({ start_s }) => start_s >= 0);
  const main = kindsOf(run)[0]?.kind;
  const each = (cell: (phase: PhaseReport) => string) => ran.map(cell);
  const response = (key: Percentile) =>
    each(({ phase }) => percentile(main === undefined ? undefined : under(run, 'llm_e2e', { phase, kind: main }), key));
  const drops = ran.some(({ dropped }) => dropped > 0);
  return [
    { head: 'phase', cells: each(({ phase }) => phase) },
    right(
      'time',
      each(({ start_s, end_s }) => timeText(end_s - start_s)),
    ),
    right(
      'wanted/s',
      each(({ wanted_rate }) => rounded(wanted_rate)),
      2,
    ),
    right(
      'sent/s',
      each(({ sent_rate }) => rounded(sent_rate)),
    ),
    right(
      'sent',
      each(({ sent }) => String(sent)),
      4,
    ),
    right(
      'errors',
      each(({ ok, failed }) => percent(failed, ok + failed)),
    ),
    ...(drops
      ? [
          right(
            'dropped',
            each(({ dropped }) => String(dropped)),
          ),
        ]
      : []),
    right(
      'TTFT p50',
      each(({ ttft }) => percentile(ttft, 'p50')),
    ),
    right(
      'p95',
      each(({ ttft }) => percentile(ttft, 'p95')),
    ),
    right(
      'gap p95',
      each(({ inter_chunk }) => percentile(inter_chunk, 'p95')),
      3,
    ),
    ...(main === undefined ? [] : [right(`${main} p50`, response('p50'), 5), right(`${main} p95`, response('p95'), 1)]),
    right(
      'in flight',
      each(({ max_in_flight }) => String(max_in_flight)),
      6,
    ),
  ];
}
