import uPlot from 'uplot';
import type { Line, LinesBlock } from '../lib/report';
import { colour, strokes } from './colours';
import { clock, element, short, tableBehind } from './elements';
import { listen } from './keys';
import { drawBands, drawLimits } from './marks';
import { tableOf } from './table';

/** All charts of the page, for changes of width, of light and dark, and for printing. */
export const charts: { plot: uPlot; host: HTMLElement }[] = [];

const font = '12px system-ui, sans-serif';
const heightOf = (width: number) => (width < 500 ? 220 : 280);

/** Share of the values below a place on the `tail` axis. */
const shareAt = (x: number) => `p${Number((100 * (1 - 2 ** -x)).toFixed(2))}`;

function xText({ x }: LinesBlock, value: number): string {
  if (x.scale === 'time') return clock(value);
  return x.scale === 'tail' ? shareAt(value) : `${short(value)} ${x.name}`;
}

/** What a chart shows at present: a live one gets more of it as it comes. */
interface Shown {
  block: LinesBlock;
  /** Limits above this are told beside the chart. */
  high: number;
}

const renewals = new WeakMap<HTMLElement, (block: LinesBlock) => boolean>();

/** Shows newer values of the same lines in a chart of linesOf(); false where lines or limits are others now. */
export function renew(figure: HTMLElement, block: LinesBlock): boolean {
  return renewals.get(figure)?.(block) ?? false;
}

/** What a chart is made for: while this stays, only its values change. */
const formOf = (block: LinesBlock, high: number) =>
  JSON.stringify([
    block.lines.map(({ name, role, right }) => [name, role, right]),
    (block.limits ?? []).map(({ name, value }) => [name, value > high]),
  ]);

/** A chart of lines with its title, legend, reading and table. */
export function linesOf(block: LinesBlock, large = false): HTMLElement {
  const host = element('div', {
    class: 'plot',
    tabindex: '0',
    role: 'group',
    'aria-label': `Chart: ${block.title}. Arrow keys read it, + and - zoom, Escape shows all`,
  });
  const reading = element('output', { class: 'reading' }, '\u00a0');
  const legend = element('div', { class: 'legend' });
  const caption = element(
    'figcaption',
    {},
    block.title,
    element('small', {}, ` ${block.unit}${block.rightUnit ? `; right axis: ${block.rightUnit}` : ''}`),
  );
  const shown: Shown = { block, high: highest(block) };
  const form = formOf(block, shown.high);
  const beyond = (block.limits ?? []).filter(({ value }) => value > shown.high);
  const note =
    beyond.length > 0
      ? [
          element(
            'p',
            { class: 'dim' },
            `Above this chart: ${[...new Set(beyond.map(({ name }) => name))].join('; ')}.`,
          ),
        ]
      : [];
  const behind = tableBehind(() => tableOf(figuresOf(shown.block)));
  const figure = element('figure', large ? { class: 'large' } : {}, caption, legend, host, reading, ...note, behind);
  let drawn: uPlot | undefined;
  renewals.set(figure, (next) => {
    const high = highest(next);
    if (formOf(next, high) !== form) return false;
    Object.assign(shown, { block: next, high });
    if (drawn) show(drawn, next);
    if (behind.childElementCount > 1) behind.lastElementChild!.replaceWith(tableOf(figuresOf(next)));
    return true;
  });
  // The host has its width only when it is in the page.
  requestAnimationFrame(() => {
    const plot = draw(shown, host, reading, large);
    drawn = plot;
    charts.push({ plot, host });
    block.lines.forEach((line, i) => {
      legend.append(
        toggle(
          line,
          () => plot.series[i + 1]!.show !== false,
          (show) => plot.setSeries(i + 1, { show }),
        ),
      );
    });
    for (const { name, value } of block.limits ?? [])
      if (value <= shown.high) legend.append(element('span', { class: 'key limit' }, name));
    listen(plot, host);
  });
  return figure;
}

const dataOf = ({ x, lines }: LinesBlock) => [x.values, ...lines.map(({ values }) => values)] as uPlot.AlignedData;

/** Newer values, at the zoom that the reader has chosen. */
function show(plot: uPlot, block: LinesBlock): void {
  const { min, max } = plot.scales.x!;
  const before = plot.data[0];
  const [from, to] = spanOf(block);
  const zoomed = min != null && max != null && (min > Math.min(from, before[0]!) || max < Math.max(to, before.at(-1)!));
  plot.batch(() => {
    plot.setData(dataOf(block), !zoomed);
    if (zoomed) plot.setScale('x', { min, max });
  });
}

/** From where to where the whole reaches: the phases, where there are some. */
function spanOf({ x, bands = [] }: LinesBlock): [number, number] {
  const [first, last] = [x.values[0]!, x.values.at(-1)!];
  const span: [number, number] =
    bands.length > 0 ? [Math.min(first, bands[0]!.from), Math.max(last, bands.at(-1)!.to)] : [first, last];
  if (x.values.length === 1 && span[0] === span[1]) span[1] = span[0] + 1;
  return span;
}

/** A limit that is far above all values would press them flat: it is told instead. */
function highest({ lines, limits = [] }: LinesBlock): number {
  const top = Math.max(
    0,
    ...lines.filter(({ right }) => !right).flatMap(({ values }) => values.map((value) => value ?? 0)),
  );
  const near = limits.map(({ value }) => value).filter((value) => value <= 3 * top);
  return 1.05 * Math.max(top, ...near) || 1;
}

/** A legend's key: it shows and hides its line. */
function toggle({ name, role }: Line, shown: () => boolean, show: (on: boolean) => void): HTMLElement {
  const { width, dash } = strokes[role];
  const swatch = element('i', {
    style: `border-top: ${Math.max(2, width)}px ${dash ? (dash[0]! < 4 ? 'dotted' : 'dashed') : 'solid'} var(--${role})`,
  });
  const button = element('button', { type: 'button', class: 'key', 'aria-pressed': 'true' }, swatch, name);
  button.addEventListener('click', () => {
    show(!shown());
    button.setAttribute('aria-pressed', String(shown()));
  });
  return button;
}

function draw(shown: Shown, host: HTMLElement, reading: HTMLElement, large: boolean): uPlot {
  const { x, lines, bands = [] } = shown.block;
  const right = lines.some((line) => line.right);
  const width = Math.max(200, host.clientWidth);
  const time = x.scale === 'time';
  const axis = {
    stroke: () => colour('dim'),
    font,
    grid: { stroke: () => colour('grid'), width: 1 },
    ticks: { stroke: () => colour('grid'), width: 1 },
  };
  const options: uPlot.Options = {
    width,
    height: large ? Math.max(240, heightOf(width)) : heightOf(width),
    legend: { show: false },
    padding: [bands.length > 1 || bands[0]?.name ? 18 : 8, right ? 0 : 12, 0, 0],
    cursor: { ...(time ? { sync: { key: 'time' } } : {}), drag: { x: true, y: false }, points: { size: 7 } },
    scales: {
      x: {
        time: false,
        ...(x.scale === 'log' ? { distr: 3 } : {}),
        range: (_, min, max) => {
          const { values } = shown.block.x;
          if (min === values[0] && max === values.at(-1)) return spanOf(shown.block);
          return min === max ? [min - 1, max + 1] : [min, max];
        },
      },
      y: { range: (_, __, max) => [0, Math.max(max * 1.05, limitIn(shown.block, shown.high, max)) || 1] },
      ...(right
        ? { right: { range: (_: uPlot, __: number, max: number): [number, number] => [0, 1.3 * max || 1] } }
        : {}),
    },
    axes: [
      {
        ...axis,
        space: width < 500 ? 60 : 70,
        values: (_, at) =>
          at.map((v) => (x.scale === 'tail' ? shareAt(v) : time ? clock(v) : v === null ? '' : short(v))),
        ...(x.scale === 'tail' ? { splits: () => tailMarks.filter((v) => v <= spanOf(shown.block)[1] + 1e-9) } : {}),
      },
      { ...axis, size: 56, values: (_, at) => at.map((v) => short(v)) },
      ...(right
        ? [
            {
              ...axis,
              side: 1 as const,
              size: 50,
              scale: 'right',
              grid: { show: false },
              values: (_: uPlot, at: number[]) => at.map((v) => short(v)),
            },
          ]
        : []),
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, lines))],
    hooks: {
      drawClear: [(plot) => drawBands(plot, shown.block.bands ?? [])],
      draw: [(plot) => drawLimits(plot, shown.block)],
      setCursor: [(plot) => (reading.textContent = readingOf(shown.block, plot.cursor.idx))],
      setScale: [(plot, key) => time && key === 'x' && zoomTogether(plot)],
    },
  };
  return new uPlot(options, dataOf(shown.block), host);
}

/** p50, p90, p99 and so on, on the tail axis. */
const tailMarks = [0.1, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999].map((share) => -Math.log2(1 - share));

const limitIn = ({ limits = [] }: LinesBlock, high: number, max: number) =>
  Math.max(0, ...limits.map(({ value }) => value).filter((value) => value <= high && value <= 3 * max)) * 1.05;

function seriesOf({ name, role, area, right, dots }: Line, all: readonly Line[]): uPlot.Series {
  const { width, dash } = strokes[role];
  const filled = area ? { fill: () => colour('area') } : {};
  // A line of few points shows each of them; a hole between two points leaves them to be seen.
  const points: uPlot.Series.Points = {
    size: 5,
    show: ({ data, bbox }) => {
      const n = data[0].length;
      return dots || n <= 40 || all.length === 1 ? n <= 200 : n * 10 < bbox.width / devicePixelRatio;
    },
  };
  return {
    label: name,
    stroke: () => colour(role),
    width: dots ? 0 : width,
    dash,
    scale: right ? 'right' : 'y',
    spanGaps: false,
    ...filled,
    points,
  };
}

let zooming = false;
/** What is zoomed in one chart over time is zoomed in all of them. */
function zoomTogether(from: uPlot): void {
  if (zooming) return;
  zooming = true;
  const { min, max } = from.scales.x!;
  for (const { plot } of charts)
    if (plot !== from && plot.cursor.sync?.key === 'time' && min != null && max != null)
      plot.setScale('x', { min, max });
  zooming = false;
}

function readingOf(block: LinesBlock, at: number | null | undefined): string {
  if (at === null || at === undefined) return '\u00a0';
  const x = block.x.values[at]!;
  const band = block.bands?.find(({ from, to }) => x >= from && x < to)?.name;
  const told = block.lines.map(
    ({ name, values, right }) =>
      `${name} ${short(values[at])}${values[at] == null ? '' : ` ${right ? block.rightUnit : block.unit.replace(/,.*/, '')}`}`,
  );
  return `${xText(block, x)}${band ? ` (${band})` : ''}: ${told.join(', ')}`;
}

function figuresOf(block: LinesBlock) {
  const { x, lines } = block;
  return {
    kind: 'table' as const,
    title: block.title,
    head: [
      x.scale === 'time' ? 'time' : x.name,
      ...lines.map(({ name, right }) => `${name}, ${right ? block.rightUnit : block.unit}`),
    ],
    rows: x.values.map((value, i) => [xText(block, value), ...lines.map(({ values }) => values[i] ?? null)]),
  };
}
