import type { IntervalsBlock } from '../lib/report';
import { element, shape } from './elements';

const width = 300;
const height = 26;

/** Figures with interval and limit, one row each. */
export function intervalsOf({ title, rows }: IntervalsBlock): HTMLElement {
  const list = rows.map((row) => {
    const state = element('span', { class: 'state', 'data-state': row.state }, row.state);
    return element(
      'li',
      {},
      state,
      element('span', { class: 'what' }, row.name),
      drawn(row),
      element('span', { class: 'said' }, `${row.text}, wanted ${row.wanted}`),
    );
  });
  return element('figure', { class: 'intervals' }, element('figcaption', {}, title), element('ul', {}, ...list));
}

function drawn({ name, value, interval, limits, text, wanted, state }: IntervalsBlock['rows'][number]): SVGElement {
  const all = [value, ...(interval ?? []), ...limits];
  const low = Math.min(0, ...all);
  const high = Math.max(...all) * 1.15 || 1;
  const at = (v: number) => ((v - low) / (high - low)) * (width - 8) + 4;
  const svg = shape('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': `${name}: ${text}, wanted ${wanted}, ${state}`,
  });
  svg.append(shape('line', { class: 'rule', x1: 4, x2: width - 4, y1: 20, y2: 20 }));
  if (interval)
    svg.append(
      shape('rect', {
        class: 'interval',
        x: at(interval[0]),
        y: 8,
        width: Math.max(2, at(interval[1]) - at(interval[0])),
        height: 8,
      }),
    );
  svg.append(shape('circle', { class: 'value', 'data-state': state, cx: at(value), cy: 12, r: 4.5 }));
  for (const limit of limits)
    svg.append(shape('line', { class: 'limit', x1: at(limit), x2: at(limit), y1: 2, y2: 22 }));
  return svg;
}
