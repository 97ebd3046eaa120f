import type { Block, Document, Section } from '../lib/report';
import { element } from './elements';
import { heatOf } from './heat';
import { intervalsOf } from './intervals';
import { linesOf } from './lines';
import { onResize, redraw } from './redraw';
import { tableOf } from './table';

/*
 * Draws the report: the document stands in the page as JSON. Texts of the target are in it, and go into the page as text
 * alone.
 */

const marks: Record<string, string> = { PASS: '✓', FAIL: '✗', INVALID: '?' };
const reasonsShown = 3;

function blockOf(block: Block): HTMLElement {
  switch (block.kind) {
    case 'text':
      return element('p', { class: 'said' }, block.text);
    case 'table':
      return tableOf(block);
    case 'lines':
      return linesOf(block);
    case 'heat':
      return heatOf(block);
    case 'intervals':
      return intervalsOf(block);
  }
}

/** Charts that follow each other stand side by side where there is room. */
function bodyOf(blocks: readonly Block[]): HTMLElement[] {
  const made: HTMLElement[] = [];
  for (const block of blocks) {
    const drawn = blockOf(block);
    if (block.kind !== 'lines' && block.kind !== 'heat') {
      made.push(drawn);
      continue;
    }
    const last = made.at(-1);
    if (last?.className === 'charts') last.append(drawn);
    else made.push(element('div', { class: 'charts' }, drawn));
  }
  return made;
}

const idOf = (title: string) => title.toLowerCase().replace(/[^a-z]+/g, '-');

function sectionOf({ title, blocks, aside }: Section): HTMLElement {
  const heading = element('h2', { id: idOf(title) }, title);
  if (!aside) return element('section', { 'aria-labelledby': idOf(title) }, heading, ...bodyOf(blocks));
  return element(
    'section',
    { 'aria-labelledby': idOf(title) },
    element('details', {}, element('summary', {}, heading), ...bodyOf(blocks)),
  );
}

function head(report: Document): HTMLElement {
  const verdict = element(
    'span',
    { class: `verdict ${report.verdict}` },
    `${marks[report.verdict] ?? ''} ${report.verdict}`,
  );
  const reasons = report.reasons.map((reason) => element('li', {}, reason));
  const cards = report.figures.map(({ name, value, wanted, state }) => {
    const card = element('div', { class: 'card' }, element('b', {}, value), element('span', {}, name));
    if (wanted) card.append(element('small', {}, `${wanted} wanted: ${state}`));
    card.dataset.state = state;
    return card;
  });
  const made = element(
    'header',
    {},
    element('h1', {}, `${report.script} `, verdict),
    element('p', { class: 'dim' }, report.row),
    element('p', { class: 'meaning' }, report.meaning),
  );
  if (reasons.length > 0) made.append(element('ul', { class: 'reasons' }, ...reasons.slice(0, reasonsShown)));
  if (reasons.length > reasonsShown)
    made.append(
      element(
        'details',
        {},
        element('summary', {}, `${reasons.length - reasonsShown} more reasons`),
        element('ul', {}, ...reasons.slice(reasonsShown)),
      ),
    );
  made.append(
    ...report.sent.map((sentence) => element('p', { class: 'sent' }, sentence)),
    element('div', { class: 'cards' }, ...cards),
  );
  if (report.picture) made.append(linesOf(report.picture, true));
  return made;
}

function navigation({ sections }: Document): HTMLElement {
  const links = sections.map(({ title }) => element('a', { href: `#${idOf(title)}` }, title));
  return element('nav', { 'aria-label': 'Sections' }, ...links);
}

function main(): void {
  const report = JSON.parse(document.getElementById('report')!.textContent!) as Document;
  document.body.append(head(report), navigation(report), element('main', {}, ...report.sections.map(sectionOf)));
  onResize();
  const print = (on: boolean) => {
    document.documentElement.classList.toggle('print', on);
    redraw(on ? 640 : undefined);
  };
  addEventListener('beforeprint', () => print(true));
  addEventListener('afterprint', () => print(false));
}

main();
