import { labelOf } from '../compare/judge';
import { value } from '../compare/words';
import { plainText } from '../../programs/printable';
import { chart, html } from './chart';
import type { History, Series } from './history';
import { changeText } from './text';

const style = `
:root { color-scheme: light dark; --ink: #222; --dim: #5a5a5a; --paper: #fff; --line: #ddd; --band0: #eef3fa; --band1: #fbf3e4; --bad: #b3261e; --good: #14653a }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --dim: #aaa; --paper: #16181c; --line: #3a3d44; --band0: #1d2530; --band1: #2a261c; --bad: #ff8f85; --good: #7fd6a2 } }
body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 1180px; margin: 24px auto; padding: 0 16px }
h1 { font-size: 24px; margin: 0 } h2 { font-size: 19px; margin: 32px 0 4px } h3 { font-size: 16px; margin: 0 } .dim, small { color: var(--dim) }
.worse { color: var(--bad); font-weight: 600 } .better { color: var(--good); font-weight: 600 }
.all { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 24px 16px } article { min-width: 0 }
figure { margin: 0 } figcaption span { display: none } svg { width: 100%; height: auto } svg text { font-size: 11px; fill: var(--dim) }
svg path { fill: none; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; stroke: currentColor } svg path ~ path { stroke-dasharray: 2 4; opacity: .6 }
.grid { stroke: var(--line) } .band0 { fill: var(--band0) } .band1 { fill: var(--band1) }
table { border-collapse: collapse; font-variant-numeric: tabular-nums } th, td { padding: 2px 8px; border-bottom: 1px solid var(--line); text-align: left } .wide { overflow-x: auto }
`;

const safe = (text: string) => html(plainText(text));
const day = (at: string) => at.slice(5, 10);

/** The history as one HTML page: no script, nothing to load. */
export function page(history: History): string {
  const groups = new Map<string, Series[]>();
  for (const series of history.series) {
    const key = JSON.stringify([series.script, series.of]);
    groups.set(key, [...(groups.get(key) ?? []), series]);
  }
  const body = [...groups.values()].map(
    (all) =>
      `<h2>${safe(all[0]!.script)}</h2>\n<p class="dim">${safe(all[0]!.of)}</p>\n<div class="all">\n${all.map(article).join('\n')}\n</div>`,
  );
  const left = history.left_out.map(({ file, why }) => `<li>${safe(file)}: ${safe(why)}</li>`);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>gsai-perf: history</title>
<style>${style}</style></head><body>
<h1>History</h1>
<p class="dim">Each point is a run; dashed lines are the ends of its 95 % interval. A shaded stretch is a level: it differs from the one before with a significance of 1 % (E-Divisive) and by more than the threshold.</p>
${body.length > 0 ? body.join('\n') : '<p>No run can be used.</p>'}
${left.length > 0 ? `<h2>Left out</h2><ul>${left.join('')}</ul>` : ''}
</body></html>
`;
}

function article(series: Series): string {
  const { points, changes, unit, target, lacking } = series;
  const edges = [0, ...changes.map(({ index }) => index), points.length];
  const bands = edges.slice(1).map((to, i) => ({
    from: edges[i]! - 0.5,
    to: to - 0.5,
    name: value(i === 0 ? (changes[0]?.before ?? null) : changes[i - 1]!.after, unit).replace('-', ''),
  }));
  const step = Math.max(1, Math.ceil(points.length / 8));
  const scale = unit === 'share' ? 100 : 1;
  const line = (name: string, of: (point: Series['points'][number]) => number | null) => ({
    name,
    points: points.map((point, i): [number, number | null] => {
      const y = of(point);
      return [i, y === null ? null : scale * y];
    }),
  });
  const drawn = chart({
    title: '',
    unit: unit === 'share' ? '%' : unit,
    bands,
    marks: points.flatMap((point, i) => (i % step === 0 ? [[i, day(point.started_at)] as const] : [])),
    lines: [
      line('value', ({ value: measured }) => measured),
      line('low', ({ interval }) => interval[0]),
      line('high', ({ interval }) => interval[1]),
    ],
  }).replace('aria-label=""', `aria-label="${safe(labelOf(series))}"`);
  const said = changes.map((change) => `<li class="${change.verdict}">${safe(changeText(series, change))}</li>`);
  const rows = points.map(
    (point) =>
      `<tr><td>${safe(point.started_at)}</td><td>${safe(point.run_id)}</td><td>${safe(value(point.value, unit))}</td><td>${safe(point.verdict)}</td></tr>`,
  );
  return `<article><h3>${safe(labelOf(series))} <small>${target ? `limit ${safe(target)}` : ''}</small></h3>
${said.length > 0 ? `<ul>${said.join('')}</ul>` : `<p class="dim">${lacking > 0 ? `${lacking} more runs are needed before a change could be told.` : 'No change of level.'}</p>`}
${drawn}
<details><summary>${points.length} runs</summary><div class="wide"><table><thead><tr><th>began</th><th>run</th><th>value</th><th>verdict</th></tr></thead><tbody>${rows.join('')}</tbody></table></div></details></article>`;
}
