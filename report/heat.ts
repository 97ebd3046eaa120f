import type { HeatBlock } from '../lib/report';
import { colour } from './colours';
import { clock, element, short, tableBehind } from './elements';
import { tableOf } from './table';

/** Redraws every heat map: for changes of width, and of light and dark. */
export const heats: (() => void)[] = [];

const margin = { left: 56, right: 12, top: 8, bottom: 26 };

/** Counts by time and value, darker where there are more, on a logarithmic scale both ways. */
export function heatOf(block: HeatBlock): HTMLElement {
  const canvas = element('canvas', {
    role: 'img',
    'aria-label': `Heat map: ${block.title} by time and length. The table below has its figures`,
  });
  const reading = element('output', { class: 'reading' }, '\u00a0');
  const host = element('div', { class: 'plot' }, canvas);
  const counts = new Map<string, number>();
  for (let i = 0; i < block.cells.length; i += 3)
    counts.set(`${block.cells[i]} ${block.cells[i + 1]}`, block.cells[i + 2]!);
  const most = Math.max(...counts.values());
  canvas.addEventListener('mousemove', (event) => {
    const { columns, rows } = sides(block, host.clientWidth);
    const column = columns.findIndex((x, i) => event.offsetX >= x && event.offsetX < (columns[i + 1] ?? -1));
    const row = rows.findIndex((y, i) => event.offsetY <= y && event.offsetY > (rows[i + 1] ?? 1e9));
    reading.textContent =
      column < 0 || row < 0
        ? '\u00a0'
        : `${clock(block.columns[column]!)} to ${clock(block.columns[column + 1]!)}, ${short(block.rows[row])} to ${short(block.rows[row + 1])} ${block.unit}: ${counts.get(`${column} ${row}`) ?? 0}`;
  });
  const draw = () => paint(canvas, host, block, counts, most);
  heats.push(draw);
  requestAnimationFrame(draw);
  const caption = element(
    'figcaption',
    {},
    block.title,
    element(
      'small',
      {},
      ` ${block.unit}, logarithmic; darker or brighter: more gaps (at most ${short(most)} in a cell)`,
    ),
  );
  return element(
    'figure',
    {},
    caption,
    host,
    reading,
    tableBehind(() => tableOf(figures(block, counts))),
  );
}

const height = 240;

function sides({ columns, rows }: HeatBlock, width: number) {
  const across = (width - margin.left - margin.right) / (columns.at(-1)! - columns[0]!);
  const up = (height - margin.top - margin.bottom) / (rows.length - 1);
  return {
    columns: columns.map((x) => margin.left + (x - columns[0]!) * across),
    rows: rows.map((_, i) => height - margin.bottom - i * up),
  };
}

function paint(
  canvas: HTMLCanvasElement,
  host: HTMLElement,
  block: HeatBlock,
  counts: Map<string, number>,
  most: number,
): void {
  const width = Math.max(200, host.clientWidth);
  const scale = devicePixelRatio;
  Object.assign(canvas, { width: width * scale, height: height * scale });
  Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` });
  const ctx = canvas.getContext('2d')!;
  ctx.scale(scale, scale);
  const { columns, rows } = sides(block, width);
  ctx.fillStyle = colour('heat');
  for (const [key, count] of counts) {
    const [column, row] = key.split(' ').map(Number) as [number, number];
    ctx.globalAlpha = 0.15 + 0.85 * (Math.log1p(count) / Math.log1p(most));
    ctx.fillRect(
      columns[column]!,
      rows[row + 1]!,
      Math.max(1, columns[column + 1]! - columns[column]!) + 0.5,
      rows[row]! - rows[row + 1]! + 0.5,
    );
  }
  ctx.globalAlpha = 1;
  ctx.fillStyle = colour('dim');
  ctx.font = '12px system-ui, sans-serif';
  ctx.textAlign = 'right';
  const every = Math.max(1, Math.ceil(rows.length / 8));
  rows.forEach((y, i) => {
    if (i % every === 0) ctx.fillText(short(Number(block.rows[i]!.toPrecision(2))), margin.left - 6, y + 4);
  });
  ctx.textAlign = 'center';
  const step = Math.max(1, Math.ceil(columns.length / Math.max(2, width / 90)));
  columns.forEach((x, i) => {
    if (i % step === 0 && x < width - 20) ctx.fillText(clock(block.columns[i]!), x, height - 8);
  });
}

function figures({ title, columns, rows, unit }: HeatBlock, counts: Map<string, number>) {
  const made = columns.slice(0, -1).map((from, column) => {
    const of = rows.slice(0, -1).flatMap((low, row) => {
      const count = counts.get(`${column} ${row}`);
      return count ? [{ low, high: rows[row + 1]!, count }] : [];
    });
    const most = of.reduce((a, b) => (b.count > a.count ? b : a), { low: 0, high: 0, count: 0 });
    const between = (each: { low: number; high: number } | undefined) =>
      each ? `${short(each.low)} to ${short(each.high)}` : '-';
    return [
      clock(from),
      of.reduce((sum, { count }) => sum + count, 0),
      between(most.count > 0 ? most : undefined),
      between(of.at(-1)),
    ];
  });
  return {
    kind: 'table' as const,
    title,
    head: ['from', 'gaps', `most of them, ${unit}`, `the longest, ${unit}`],
    rows: made,
  };
}
