import { html, short } from './chart';

/** A number is aligned right and shortened; what is absent is shown as a dash. */
export type Cell = string | number | null | undefined;

function cell(value: Cell): string {
  return typeof value === 'number'
    ? `<td class="n">${short(value)}</td>`
    : `<td>${value === null || value === undefined ? '<span class="dim">-</span>' : html(value)}</td>`;
}

/** An HTML table; "" when it has no rows. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  if (rows.length === 0) return '';
  const numeric = head.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const heads = head.map((name, i) => `<th${numeric[i] ? ' class="n"' : ''}>${html(name)}</th>`).join('');
  return `<table><thead><tr>${heads}</tr></thead><tbody>\n${rows.map((row) => `<tr>${row.map(cell).join('')}</tr>`).join('\n')}\n</tbody></table>`;
}

/** A part of the page under a title; "" when it has no content. */
export function section(title: string, content: string): string {
  return content === '' ? '' : `<h2>${html(title)}</h2>\n${content}\n`;
}
