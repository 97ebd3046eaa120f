import { reasonLine } from '../verdict';
import { measuredText } from './junit';
import type { RunRecord } from './run-record';
import { labelOf, scopeOf } from './words';

/** GitHub shows so many of a step's errors, and as many warnings. */
const shown = 10;

const data = (text: string) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string) => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/**
 * A run as annotations of GitHub Actions: the verdict with its first reason first, an error for each objective that was
 * missed, and a warning for each that could not be decided. Lines for stdout.
 */
export function githubAnnotations(run: RunRecord): string[] {
  const line = (level: 'error' | 'warning' | 'notice', title: string, text: string) =>
    `::${level} title=${property(`gsai-perf ${run.script}: ${title}`)}::${data(text)}`;
  const reasons = run.reasons.map(reasonLine).join('\n');
  const verdict = line(
    run.verdict === 'PASS' ? 'notice' : 'error',
    run.verdict,
    reasons || `${run.row}: ${run.verdict}`,
  );
  const of = (states: readonly string[], level: 'error' | 'warning') =>
    run.objectives
      .filter(({ state }) => states.includes(state))
      .slice(0, shown - 1)
      .map((o) => line(level, `${labelOf(o)} (${scopeOf(o)})`, `${o.state}: ${measuredText(o, run.findings)}`));
  return [verdict, ...of(['missed'], 'error'), ...of(['too close', 'too few', 'not judged'], 'warning')];
}

/** Text of a run, on the terminal of a CI: what would be read as a command of GitHub or Azure within a line is broken. */
export const withoutCommands = (text: string): string => text.replace(/##(?=\[|vso\[)/g, '# #');
