import type { Comparison } from './comparison';
import { cells, footnotes, head, shownFigures, summary } from './text';
import { markdownText } from './words';

const marks: Readonly<Record<Comparison['verdict'], string>> = {
  worse: '🔴',
  better: '🟢',
  'no difference shown': '⚪',
  'too little evidence': '🟡',
  'not comparable': '🟠',
};
/** A pull request's comment holds 65,536 characters (GitHub); long lists of figures are cut. */
const rowsAtMost = 60;

/** The comparison as Markdown that fits a comment of a pull request. Names in it are text, never Markdown or HTML. */
export function markdown(comparison: Comparison, all: boolean): string {
  const [verdict, base, now, ...reasons] = summary(comparison);
  const rows = shownFigures(comparison, all);
  const line = (each: readonly string[]) => `| ${each.map(markdownText).join(' | ')} |`;
  const table = rows.slice(0, rowsAtMost).map((figure) => {
    const each = cells(figure);
    return line([...each.slice(0, -1), `${marks[figure.verdict]} ${figure.verdict}`]);
  });
  const cut = rows.length > rowsAtMost ? [`${rows.length - rowsAtMost} more figures are left out here.`] : [];
  return [
    `### ${marks[comparison.verdict]} gsai-perf compare: ${markdownText(verdict!.toLowerCase())}`,
    '',
    `${markdownText(base!)}  `,
    markdownText(now!),
    '',
    ...reasons.slice(0, 20).map((reason) => `- ${markdownText(reason)}`),
    ...(table.length > 0 ? ['', line([...head]), line(head.map(() => '---')).replaceAll('\\', ''), ...table] : []),
    '',
    '<details><summary>Notes</summary>',
    '',
    ...[...cut, ...footnotes(comparison, all)].map((note) => `- ${markdownText(note)}`),
    '',
    '</details>',
    '',
  ].join('\n');
}
