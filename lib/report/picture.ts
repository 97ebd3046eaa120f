import type { PhaseReport } from '../measurements';
import type { RunRecord } from '../summary';
import { samplesNeeded } from '../statistics';
import { failoverLine } from './time';
import { brief, groupRoles, text, type Block, type Line, type LinesBlock, type TableBlock } from './document';

/** What this script is about: its findings, and its own chart where the load or a finding's table makes one. */
export function ownPicture(run: RunRecord): Block[] {
  const line = run.findings.some(({ id }) => id === 'failover') ? failoverLine(run) : [];
  return [...capacityCurve(run), ...line, ...run.findings.flatMap((finding) => findingBlocks(finding))];
}

/** Shades of a matrix, 1 to 4 on a logarithmic scale: more ms are darker, and what is not sure, or no harm, is not shaded. */
function shadesOf(rows: readonly (readonly string[])[]): number[][] {
  const harm = rows.map((row) =>
    row.map((cell) => Math.max(0, /^\+(\d+(?:\.\d+)?)$/.exec(cell)?.[1] ? Number(cell) : 0)),
  );
  const most = Math.log1p(Math.max(0, ...harm.flat()));
  return harm.map((row) => row.map((ms) => (ms > 0 ? Math.max(1, Math.ceil((4 * Math.log1p(ms)) / most)) : 0)));
}

type Times = 'ttft_scheduled' | 'e2e_scheduled';
const enough = (key: Times, q: number) => (phase: PhaseReport) => (phase[key]?.count ?? 0) >= samplesNeeded(q);

/** Latency and errors against the rate that was sent: where several phases have rates of their own. */
function capacityCurve(run: RunRecord): LinesBlock[] {
  const ran = run.phases.filter(({ start_s, sent }) => start_s >= 0 && sent > 0);
  const rates = ran.map(({ wanted_rate }) => wanted_rate);
  const rising = ran.filter((_, i) => i > 0 && rates[i]! > rates[i - 1]! * 1.05).length;
  if (rising < 2) return [];
  // The climb alone: what comes after the highest rate is recovery.
  const steps = ran.slice(0, rates.indexOf(Math.max(...rates)) + 1).sort((a, b) => a.sent_rate - b.sent_rate);
  const key: Times = steps.some(enough('ttft_scheduled', 0.9)) ? 'ttft_scheduled' : 'e2e_scheduled';
  const what = key === 'ttft_scheduled' ? 'time to first token' : 'response time';
  const at = (q: 'p50' | 'p95', needs: number) =>
    steps.map((phase) => (enough(key, needs)(phase) ? brief(phase[key]?.[q]) : null));
  const lines: Line[] = [
    { name: `${what}, median`, role: 'median', values: at('p50', 0.5) },
    { name: `${what}, p95`, role: 'p95', values: at('p95', 0.9) },
    {
      name: 'errors',
      role: 'failed',
      right: true,
      values: steps.map(({ ok, failed }) => (ok + failed > 0 ? brief((100 * failed) / (ok + failed)) : null)),
    },
  ];
  const x = {
    scale: 'linear' as const,
    name: 'requests/s sent',
    values: steps.map(({ sent_rate }) => brief(sent_rate)!),
  };
  return [
    {
      kind: 'lines',
      title: 'Capacity: latency and errors by rate',
      unit: 'ms',
      rightUnit: '% errors',
      x,
      lines: lines.filter(({ values }) => values.some((v) => v !== null)),
    },
  ];
}

const numberIn = (cell: string | undefined) => {
  const found = /^(-?\d+(?:\.\d+)?)(?:\s*(?:%|ms|s|MB))?$/.exec((cell ?? '').trim());
  return found ? Number(found[1]) : null;
};

function findingBlocks({ id, text: said, table }: RunRecord['findings'][number]): Block[] {
  if (!table) return [text(said)];
  const shades = id === 'impact' ? { shades: shadesOf(table.rows) } : {};
  const rows: TableBlock = { kind: 'table', head: [...table.head], rows: table.rows.map((row) => [...row]), ...shades };
  return [text(said), ...tableChart(said, table), rows];
}

/** A finding's table whose first column is a rising number (a rate, a size) is a curve: of each column of numbers. */
function tableChart(title: string, { head, rows }: { head: string[]; rows: string[][] }): LinesBlock[] {
  const xs = rows.map((row) => numberIn(row[0]));
  if (rows.length < 3 || xs.some((x, i) => x === null || (i > 0 && x <= xs[i - 1]!))) return [];
  const lines = head
    .map((name, column): Line => ({ name, role: 'c1', values: rows.map((row) => numberIn(row[column])) }))
    .filter(
      (line, column) =>
        column > 0 && /\bms\b|p50|p95|p99|TTFT|e2e|time/i.test(line.name) && line.values.some((v) => v !== null),
    )
    .slice(0, 4)
    .map((line, i) => ({ ...line, role: groupRoles[i]! }));
  if (lines.length === 0) return [];
  const x = { scale: 'linear' as const, name: head[0]!, values: xs as number[] };
  return [{ kind: 'lines', title: title.replace(/:$/, ''), unit: 'ms', x, lines }];
}
