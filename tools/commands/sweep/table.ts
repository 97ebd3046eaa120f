import { columns } from '../shared/columns';
import { cases, inOrder } from './cases';
import { faultsOf, type Cell } from './judge';

/*
 * The sweep's table: one row for each flaw, one column for each script.
 */

const all = [inOrder, ...cases];
const caseOf = (cell: Cell) => all.find(({ name }) => name === cell.flaw);

/** `found`: this script is for the flaw, and says so. `WRONG`: see the list below the table. `-`: not run. */
function entry(cell: Cell | undefined): string {
  if (!cell) return '-';
  const found = caseOf(cell);
  if (faultsOf(cell, found).length > 0) return `${cell.verdict} WRONG`;
  return found?.finds[cell.script] ? `${cell.verdict} found` : cell.verdict;
}

/** The head, and a row for each flaw; flaws and scripts of which nothing was run are left out. */
function rows(cells: readonly Cell[], scripts: readonly string[]): string[][] {
  const run = scripts.filter((script) => cells.some((cell) => cell.script === script));
  const switchedOn = all.filter(({ name }) => cells.some(({ flaw }) => flaw === name));
  return [
    ['flaw', ...run],
    ...switchedOn.map(({ name }) => [
      name,
      ...run.map((script) => entry(cells.find((cell) => cell.flaw === name && cell.script === script))),
    ]),
  ];
}

/** What is wrong, a sentence for each. */
export function wrong(cells: readonly Cell[]): string[] {
  return cells.flatMap((cell) =>
    faultsOf(cell, caseOf(cell)).map((fault) => `${cell.script} with "${cell.flaw}": ${fault}`),
  );
}

const legend =
  '"found": the script is for this flaw, and names it. "WRONG": see below. "-": not run. A verdict alone: the script is not for this flaw, and says nothing false.';

/** The sweep as a table for the terminal; `unknown` are flaws that have no line in cases.ts. */
export function text(cells: readonly Cell[], scripts: readonly string[], unknown: readonly string[]): string {
  return [columns(rows(cells, scripts), true), '', legend, ...below(cells, unknown), ''].join('\n');
}

/** The same as a page of Markdown. */
export function markdown(cells: readonly Cell[], scripts: readonly string[], unknown: readonly string[]): string {
  const line = (entries: readonly string[]) => `| ${entries.join(' | ')} |`;
  const [head = [], ...others] = rows(cells, scripts);
  const lines = [line(head), line(head.map(() => '---')), ...others.map(line)];
  const told = below(cells, unknown).map((sentence) => `- ${sentence}`);
  return ['# The sweep', '', ...lines, '', legend, '', ...told, ''].join('\n');
}

function below(cells: readonly Cell[], unknown: readonly string[]): string[] {
  const faults = wrong(cells);
  return [
    ...(faults.length > 0 ? faults : [`nothing is wrong in ${cells.length} runs`]),
    ...unknown.map(
      (name) => `the flaw ${name} has no line in tools/commands/sweep/cases.ts, so it was not switched on`,
    ),
  ];
}
