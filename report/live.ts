import type { LinesBlock, LiveState } from '../lib/report';
import { element } from './elements';
import { charts, linesOf, renew } from './lines';
import { onResize } from './redraw';

/*
 * Draws the live page. A page that is seen listens to /events; one that is hidden listens to /end, where nothing comes
 * but the run's end.
 */

const state = element('span', { class: 'verdict', id: 'state' }, 'starting');
const title = element('h1', {}, '');
const line = element('p', { id: 'line', role: 'status' });
const bar = element('progress', { max: '1', value: '0', 'aria-label': 'Share of the load that is done' });
const reasons = element('ul', { class: 'reasons' });
const plots = element('div', { class: 'charts' });
const figures = new Map<string, HTMLElement>();

function draw(block: LinesBlock, first: boolean): void {
  const there = figures.get(block.title);
  if (there && renew(there, block)) return;
  const made = linesOf(block, first);
  figures.set(block.title, made);
  if (!there) return void plots.append(made);
  const old = charts.findIndex(({ host }) => there.contains(host));
  if (old >= 0) charts.splice(old, 1)[0]!.plot.destroy();
  there.replaceWith(made);
}

function show(told: LiveState): void {
  document.title = `${told.title}: ${told.state}`;
  title.textContent = `${told.title} `;
  state.textContent = told.state;
  state.className = `verdict ${told.state}`;
  line.textContent = told.line;
  bar.value = told.done;
  reasons.replaceChildren(...told.reasons.map((reason) => element('li', {}, reason)));
  for (const [i, block] of told.charts.entries()) draw(block, i === 0);
}

let source: EventSource | undefined;
let ended = false;
function listen(): void {
  source?.close();
  if (ended) return;
  source = new EventSource(document.hidden ? '/end' : '/events');
  source.onmessage = ({ data }: MessageEvent<string>) => {
    const told = JSON.parse(data) as LiveState;
    ended = told.over;
    show(told);
    if (ended) source!.close();
  };
  source.onerror = () => {
    if (!ended) line.textContent = 'The run cannot be reached: it was stopped, or this page was opened after its end.';
  };
}

document.body.append(element('header', {}, title, state, bar, line, reasons), element('main', {}, plots));
document.addEventListener('visibilitychange', listen);
onResize();
listen();
