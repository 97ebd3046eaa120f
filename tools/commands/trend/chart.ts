/** A line of a chart: points in ascending x; a null y is a hole. */
export interface Line {
  name: string;
  points: readonly (readonly [number, number | null])[];
}

export interface Chart {
  title: string;
  /** Of the values on the y axis, as "ms". */
  unit: string;
  lines: readonly Line[];
  /** Stretches of the x axis with a name: the phases. */
  bands?: readonly { from: number; to: number; name: string }[];
  /** Where the x axis has marks, with their texts; chosen from the data when left out (then it is seconds). */
  marks?: readonly (readonly [number, string])[];
}

const width = 760;
const height = 260;
const margin = { left: 56, right: 12, top: 22, bottom: 30 };
const colours = ['#1f5fa8', '#c2571a', '#2c8a4b', '#8a3ea8', '#666'];

/** Text safe in HTML and SVG, in content and in attributes. */
export function html(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** Four significant digits at most, without an exponent. */
export function short(value: number): string {
  return Math.abs(value) >= 1000 ? Math.round(value).toString() : Number(value.toPrecision(4)).toString();
}

/** About `count` round numbers (1, 2 or 5 times a power of ten apart) that cover 0 to `top`. */
export function ticks(top: number, count: number): number[] {
  if (!(top > 0)) return [0, 1];
  const raw = top / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw * (1 - 1e-9))!;
  return Array.from({ length: Math.ceil(top / step - 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** A line chart as SVG: no script, nothing to load. "" when no line has a value. */
export function chart({ title, unit, lines, bands = [], marks }: Chart): string {
  const drawn = lines.filter((line) => line.points.some(([, y]) => y !== null));
  if (drawn.length === 0) return '';
  const all = drawn.flatMap((line) => [...line.points]);
  const left = Math.min(...all.map(([x]) => x), ...bands.map((band) => band.from));
  const right = Math.max(...all.map(([x]) => x), ...bands.map((band) => band.to), left + 1e-9);
  const rows = ticks(Math.max(...all.map(([, y]) => y ?? 0)), 5);
  const top = rows[rows.length - 1]!;
  const px = (x: number) =>
    Number((margin.left + ((x - left) / (right - left)) * (width - margin.left - margin.right)).toFixed(1));
  const py = (y: number) =>
    Number((height - margin.bottom - (y / top) * (height - margin.top - margin.bottom)).toFixed(1));
  const columns =
    marks ??
    ticks(right, 8)
      .filter((x) => x >= left && x <= right)
      .map((x) => [x, `${short(x)} s`] as const);
  const label = (x: number, y: number, anchor: string, text: string) =>
    `<text x="${x}" y="${y}" text-anchor="${anchor}">${html(text)}</text>`;
  const svg = [
    ...bands.map(
      ({ from, to, name }, i) =>
        `<rect class="band${i % 2}" x="${px(from)}" y="${margin.top}" width="${Math.max(0, px(to) - px(from)).toFixed(1)}" height="${height - margin.top - margin.bottom}"><title>${html(name)}</title></rect>${label(px(from) + 4, margin.top - 6, 'start', name)}`,
    ),
    ...rows.map(
      (y) =>
        `<line class="grid" x1="${margin.left}" x2="${width - margin.right}" y1="${py(y)}" y2="${py(y)}"/>${label(margin.left - 6, py(y) + 4, 'end', short(y))}`,
    ),
    ...columns.map(
      ([x, text]) =>
        `<line class="grid" x1="${px(x)}" x2="${px(x)}" y1="${height - margin.bottom}" y2="${height - margin.bottom + 4}"/>${label(px(x), height - 10, 'middle', text)}`,
    ),
    ...drawn.map(
      (line, i) =>
        `<path d="${path(line, px, py)}" stroke="${colours[i % colours.length]}"><title>${html(line.name)}</title></path>`,
    ),
  ].join('\n');
  const legend = drawn
    .map((line, i) => `<span><i style="background:${colours[i % colours.length]}"></i>${html(line.name)}</span>`)
    .join(' ');
  return `<figure><figcaption>${html(title)} <small>${html(unit)}</small> ${legend}</figcaption>\n<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${html(title)}">\n${svg}\n</svg></figure>`;
}

function path({ points }: Line, px: (x: number) => number, py: (y: number) => number): string {
  let pen = 'M';
  const parts: string[] = [];
  for (const [x, y] of points) {
    if (y === null) {
      pen = 'M';
      continue;
    }
    parts.push(`${pen}${px(x)} ${py(y)}`);
    if (pen === 'M') parts.push('h0'); // a point between two holes is seen too: line ends are round
    pen = 'L';
  }
  return parts.join('');
}
