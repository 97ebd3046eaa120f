import { labelOf } from '../compare/judge';
import { change, round, value } from '../compare/words';
import { plainText } from '../../programs/printable';
import { columns } from '../shared/columns';
import type { Change, History, Series } from './history';

const day = (at: string) => at.slice(0, 16).replace('T', ' ');

/** A change in one sentence: in which run, from what to what. */
export function changeText({ points, unit }: Series, { index, before, after, verdict, run_id }: Change): string {
  const at = points[index]!;
  return `${verdict} since ${day(at.started_at)} (run ${run_id}, commit ${at.commit.slice(0, 12)}): ${value(before, unit)} to ${value(after, unit)}, ${change(after - before, before, unit)}`;
}

/** The line of a series in the table: its newest value and its level's history. */
function row(series: Series): string[] {
  const { points, unit, changes, lacking } = series;
  const newest = points.at(-1);
  const last = changes.at(-1);
  return [
    labelOf(series),
    String(points.length),
    newest ? value(newest.value, unit) : '-',
    lacking > 0 ? `${lacking} more runs are needed` : last ? changeText(series, last) : 'no change',
  ];
}

/** The history for a terminal. */
export function text(history: History): string {
  const lines: string[] = [];
  const groups = new Map<string, Series[]>();
  for (const series of history.series) {
    const key = `${series.script}: ${series.of}`;
    groups.set(key, [...(groups.get(key) ?? []), series]);
  }
  for (const [name, all] of groups)
    lines.push(name, ...columns([['figure', 'runs', 'newest', 'level'], ...all.map(row)], true).split('\n'), '');
  if (groups.size === 0) lines.push('no run can be used', '');
  lines.push(
    `A change is a level that differs from the one before with a significance of 1 % (E-Divisive) and by more than ${round(100 * history.threshold)} % (shares: ${round(100 * history.threshold_share)} points).`,
    ...history.left_out.map(({ file, why }) => `left out: ${file}: ${why}`),
  );
  return `\n${lines.map((line) => `  ${plainText(line)}`.trimEnd()).join('\n')}\n\n`;
}
