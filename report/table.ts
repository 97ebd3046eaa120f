import type { Cell, TableBlock } from '../lib/report';
import { element, short } from './elements';

/** A web address, or a file beside the page. */
const leads = /^(https?:\/\/|[\w.-]+(\/[\w.-]+)*$)/;

function cell(value: Cell, numeric: boolean, link?: string): HTMLElement {
  if (typeof value === 'number') return element('td', { class: 'n' }, short(value));
  if (value === null) return element('td', { class: numeric ? 'n dim' : 'dim' }, '-');
  if (link && leads.test(link)) return element('td', {}, element('a', { href: link }, value));
  return element('td', numeric ? { class: 'n' } : {}, value);
}

/** A table that scrolls by itself where it is wider than the page. */
export function tableOf({ title, head, rows, states, shades, links }: TableBlock): HTMLElement {
  const numeric = head.map((_, i) => rows.some((row) => typeof row[i] === 'number'));
  const heads = head.map((name, i) =>
    name === '' ? element('td', {}) : element('th', { scope: 'col', ...(numeric[i] ? { class: 'n' } : {}) }, name),
  );
  const body = rows.map((row, i) => {
    const made = element(
      'tr',
      {},
      ...row.map((value, j) => cell(value, numeric[j]!, j === 0 ? links?.[i] : undefined)),
    );
    if (states?.[i]) made.dataset.state = states[i];
    for (const [j, shade] of (shades?.[i] ?? []).entries())
      if (shade > 0) (made.children[j] as HTMLElement).dataset.shade = String(shade);
    return made;
  });
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...heads)), element('tbody', {}, ...body));
  if (title) table.prepend(element('caption', {}, title));
  return element(
    'div',
    { class: 'wide', tabindex: '0', role: 'region', 'aria-label': title ?? head.join(', ') },
    table,
  );
}
