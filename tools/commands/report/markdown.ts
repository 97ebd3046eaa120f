import { documentOf, type Block, type Cell, type Document } from '../../../lib/report';
import type { RunRecord } from '../../../lib/summary';
import { markdownText } from '../compare/words';

/** Rows of one table at most: the others are counted. */
const rowsAtMost = 200;

const cell = (value: Cell) => (value === null ? '-' : markdownText(String(value)));

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const more = rows.length > rowsAtMost ? ['', `${rows.length - rowsAtMost} more rows are left out here.`] : [];
  return [
    line(head.map(markdownText)),
    line(head.map(() => '---')),
    ...rows.slice(0, rowsAtMost).map((row) => line(row.map(cell))),
    ...more,
    '',
  ];
}

/** What text can show of a block. Charts are left out: their figures stand in run.json and in the CSV. */
function blockLines(block: Block): string[] {
  if (block.kind === 'text') return [markdownText(block.text), ''];
  if (block.kind !== 'table') return [];
  return [...(block.title ? [`**${markdownText(block.title)}**`, ''] : []), ...table(block.head, block.rows)];
}

/** The report as Markdown. Whatever comes from a target or a parameter is text in it, never Markdown or HTML. */
export function markdown(run: RunRecord): string {
  const said: Document = documentOf(run);
  const figures = said.figures.map(({ name, value, wanted, state }) => [name, value, wanted, state]);
  const sections = said.sections.flatMap(({ title, blocks }) => {
    const lines = blocks.flatMap(blockLines);
    return lines.length > 0 ? [`## ${title}`, '', ...lines] : [];
  });
  return [
    `# ${markdownText(said.script)}: ${said.verdict}`,
    '',
    markdownText(said.row),
    '',
    `**${said.meaning}**`,
    '',
    ...said.reasons.map((reason) => `- ${markdownText(reason)}`),
    ...(said.reasons.length > 0 ? [''] : []),
    ...said.sent.flatMap((sentence) => [markdownText(sentence), '']),
    ...(figures.length > 0 ? table(['figure', 'measured', 'wanted', 'state'], figures) : []),
    ...sections,
  ].join('\n');
}
