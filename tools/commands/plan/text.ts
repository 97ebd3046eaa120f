import { timeText } from '../../../lib/summary';
import { columns } from '../shared/columns';
import type { PlanEntry, PlanRecord } from './record';

/*
 * The plan as text: what would be run, and what came of it.
 */

/** Seconds that k6 takes to start, to try the target and to write, in addition to a script's load. */
export const around = 6;

/** About how long the entries take, with what each takes beside its load, seconds. */
export const secondsOf = (entries: readonly PlanEntry[], beside = around) =>
  entries.reduce((sum, { load_s }) => sum + load_s + beside, 0);

/** About how long, without the seconds where it takes minutes or hours. */
export const aboutText = (seconds: number) =>
  timeText(seconds < 120 ? Math.max(1, Math.round(seconds)) : Math.round(seconds / 60) * 60);

/** What would be run, and for how long. */
export function dryRun(
  entries: readonly PlanEntry[],
  parameters: (script: string) => Readonly<Record<string, string>>,
) {
  const rows = entries.map(({ script, rows: of, state, why, load_s }) => [
    script,
    of.join(' '),
    state === 'skipped' ? 'not run' : aboutText(load_s),
    state === 'skipped'
      ? why
      : Object.entries(parameters(script))
          .map(([name, value]) => `${name}=${value}`)
          .join(' '),
  ]);
  const open = entries.filter(({ state }) => state === 'open');
  const total = `${open.length} script${open.length === 1 ? '' : 's'} would be run, which takes at most about ${aboutText(secondsOf(open))}. A script that finds its answer earlier ends earlier.`;
  return `${columns([['script', 'row', 'load', 'parameters'], ...rows], true)}\n\n${total}\n`;
}

const shown = 3;

/** One line of a script's end, and the reasons of a verdict that is not PASS below it. */
export function endText({ script, verdict, seconds, reasons, tries }: PlanEntry): string {
  const again = tries > 1 ? `, try ${tries}` : '';
  const more = reasons.length > shown ? [`and ${reasons.length - shown} more reasons`] : [];
  const below = verdict === 'PASS' ? [] : [...reasons.slice(0, shown), ...more];
  return [`${script}: ${verdict} in ${aboutText(seconds ?? 0)}${again}`, ...below.map((line) => `    ${line}`)].join(
    '\n',
  );
}

const reasonsEach = 2;

/** What is wrong, of each script that did not pass. */
function wrongOf(scripts: readonly PlanEntry[]): string[] {
  return scripts
    .filter(({ state, verdict }) => state === 'done' && verdict !== 'PASS')
    .flatMap(({ script, reasons }) => [
      ...reasons.slice(0, reasonsEach).map((reason) => `  ${script}: ${reason}`),
      ...(reasons.length > reasonsEach ? [`  ${script}: and ${reasons.length - reasonsEach} more`] : []),
    ]);
}

/** What the table says of a script in one cell. */
export function outcomeOf({ state, verdict, why }: PlanEntry): string {
  if (state === 'done') return verdict!;
  return state === 'skipped' ? `not run: ${why}` : 'not run yet';
}

/**
 * The plan's end for the terminal: a row for each script, the reasons of those that did not pass, the whole verdict.
 */
export function text(record: PlanRecord, folder: string): string {
  const rows = record.scripts.map((entry) => [
    entry.script,
    entry.rows.join(' '),
    entry.seconds === null ? '-' : aboutText(entry.seconds),
    entry.state === 'done' ? `${entry.judged}` : '-',
    outcomeOf(entry),
  ]);
  const silent = record.scripts.some(({ verdict }) => verdict === 'INVALID');
  const because = record.reasons.map((reason) => `  ${reason}`);
  return [
    '',
    columns([['script', 'row', 'took', 'judged', 'verdict'], ...rows], true),
    '',
    `${record.verdict}: the plan${record.ended_at === null ? ', which has not ended' : ''}`,
    ...because,
    ...wrongOf(record.scripts),
    `  ${folder}/report.html, ${folder}/plan.json`,
    ...(record.ended_at === null ? ['  the same command continues where this one stopped'] : []),
    ...(record.ended_at !== null && silent
      ? ['  --retry repeats the scripts whose runs say nothing about the target']
      : []),
    '',
  ].join('\n');
}
