import { columns } from '../shared/columns';
import type { Comparison, FigureReport } from './comparison';
import { labelOf } from './judge';
import { change, duration, percent, value } from './words';
import { plainText } from '../../programs/printable';

/** Rows of a table that a person reads: what decides, and of the details only what differs. */
export function shownFigures({ figures }: Comparison, all: boolean): FigureReport[] {
  return figures.filter(({ role, verdict }) => all || role !== 'detail' || verdict === 'worse' || verdict === 'better');
}

/** The cells of one figure. */
export function cells(figure: FigureReport): string[] {
  const { base, new: now, unit, difference, interval, smallest, verdict } = figure;
  const said = (x: number | null) => (x === null ? 'open' : change(x, base ?? 0, unit));
  return [
    labelOf(figure),
    value(base, unit),
    value(now, unit),
    difference === null ? '-' : said(difference),
    interval === null ? '-' : `${said(interval[0])} to ${said(interval[1])}`,
    smallest === null ? 'none' : said(smallest).replace('+', ''),
    verdict,
  ];
}

export const head = ['figure', 'base', 'new', 'difference', '95 % interval', 'shows from', 'verdict'] as const;

/** The heading, the sides, and why: sentences of both outputs. */
export function summary(comparison: Comparison): string[] {
  const { base, new: now, verdict, reasons } = comparison;
  const side = (name: string, { runs, target }: Comparison['base']) =>
    `${name}: ${runs.length === 1 ? `run ${runs[0]!.run_id}` : `${runs.length} runs`} of ${target}`;
  return [`${verdict.toUpperCase()}`, side('base', base), side('new', now), ...reasons];
}

/** What a reader should know besides the table. */
export function footnotes(comparison: Comparison, all: boolean): string[] {
  const { figures, notes, settings } = comparison;
  const said = [...notes];
  const details = figures.filter(({ role }) => role === 'detail');
  const count = (wanted: FigureReport['verdict']) => details.filter(({ verdict }) => verdict === wanted).length;
  if (figures.length > shownFigures(comparison, all).length)
    said.push(
      `Of ${details.length} details, ${count('no difference shown')} show no difference and ${count('too little evidence')} have too little evidence (--all prints them).`,
    );
  const short = figures
    .filter(
      ({ role, verdict, seconds_needed }) => role !== 'detail' && verdict === 'too little evidence' && seconds_needed,
    )
    .map(({ seconds_needed }) => seconds_needed!);
  if (short.length > 0) {
    const { effect, effect_share } = settings;
    said.push(
      `Runs of ${duration(Math.max(...short))} each would show a difference of ${percent(effect)} (of shares: ${percent(effect_share).replace('%', 'points')}) in all figures that decide, 95 times in 100.`,
    );
  }
  if (figures.length > 0)
    said.push(
      `"Shows from" is the smallest difference that these runs would have shown 95 times in 100. The chance that any of the ${figures.length} figures is called worse or better though nothing differs is at most ${percent(settings.alpha)} (${settings.correction}).`,
    );
  return said;
}

/** The comparison for a terminal. */
export function text(comparison: Comparison, all: boolean): string {
  const [verdict, ...rest] = summary(comparison);
  const rows = shownFigures(comparison, all).map(cells);
  const lines = [
    `compare     ${verdict}`,
    ...rest.map((line) => `            ${line}`),
    ...(rows.length > 0
      ? [
          '',
          ...columns([[...head], ...rows], true)
            .split('\n')
            .map((line) => `  ${line}`),
        ]
      : []),
    '',
    ...footnotes(comparison, all).map((line) => `note        ${line}`),
  ];
  return `\n${lines.map((line) => `  ${plainText(line)}`.trimEnd()).join('\n')}\n\n`;
}
