import type { Cell, Document, Section } from '../../../lib/report';
import { timeText } from '../../../lib/summary';
import { outcomeOf } from './text';
import type { PlanEntry, PlanRecord } from './record';

/*
 * The plan's report, in the form of a run's report: lib/report and report/ draw both.
 */

const states: Record<string, string> = { PASS: 'ok', FAIL: 'missed', INVALID: 'too few' };
const stateOf = ({ state, verdict }: PlanEntry) => (state === 'done' ? states[verdict!]! : 'not judged');

const meanings: Record<PlanRecord['verdict'], string> = {
  PASS: 'The target met the objectives of every script that was run.',
  FAIL: 'The target missed objectives, and there is enough evidence for it.',
  INVALID: 'The plan as a whole says nothing about the target yet. The reasons stand below.',
};

/** What the report says. Sections without content are left out. */
export function documentOf(record: PlanRecord): Document {
  const { scripts, verdict } = record;
  const of = (wanted: string) => scripts.filter(({ verdict: its }) => its === wanted).length;
  const ran = scripts.filter(({ state }) => state === 'done');
  const seconds = ran.reduce((sum, { seconds: took }) => sum + (took ?? 0), 0);
  const sections: Section[] = [
    { title: 'Scripts', blocks: scripts.length > 0 ? [overview(scripts)] : [] },
    { title: 'What is wrong', blocks: perScript(ran, ({ reasons }) => reasons) },
    { title: 'Findings', blocks: perScript(ran, ({ findings }) => findings) },
    { title: 'Parameters', blocks: parametersOf(record), aside: true },
  ];
  return {
    title: `plan: ${verdict}`,
    script: 'plan',
    row: 'Test Plan 7.4, all rows that were chosen',
    verdict,
    meaning: meanings[verdict],
    reasons: record.reasons,
    sent: [
      `${ran.length} of ${scripts.length} scripts were run in ${timeText(seconds)}, at scale ${record.scale}.`,
      `Target: ${record.target}. Began ${record.started_at.slice(0, 19).replace('T', ' ')} UTC.`,
    ],
    figures: [
      { name: 'scripts passed', value: `${of('PASS')} of ${scripts.length}`, wanted: '', state: '' },
      { name: 'scripts failed', value: String(of('FAIL')), wanted: '', state: of('FAIL') > 0 ? 'missed' : 'ok' },
      { name: 'scripts not run', value: String(scripts.length - ran.length), wanted: '', state: '' },
    ],
    sections: sections.filter(({ blocks }) => blocks.length > 0),
  };
}

function overview(scripts: readonly PlanEntry[]): Section['blocks'][number] {
  return {
    kind: 'table',
    head: ['script', 'row', 'verdict', 'objectives judged', 'not judged', 'seconds'],
    rows: scripts.map((entry): Cell[] => [
      entry.script,
      entry.rows.join(' '),
      outcomeOf(entry),
      entry.state === 'done' ? entry.judged : null,
      entry.state === 'done' ? entry.not_judged : null,
      entry.seconds,
    ]),
    states: scripts.map(stateOf),
    links: scripts.map(({ run }) => (run === null ? '' : `${run}/report.html`)),
  };
}

/** A table of sentences for each script that has some. */
function perScript(ran: readonly PlanEntry[], said: (entry: PlanEntry) => readonly string[]): Section['blocks'] {
  return ran
    .filter((entry) => said(entry).length > 0)
    .map((entry) => ({
      kind: 'table',
      title: entry.script,
      head: [''],
      rows: said(entry).map((sentence): Cell[] => [sentence]),
    }));
}

function parametersOf({ parameters, scale, time, only, plan_id }: PlanRecord): Section['blocks'] {
  const rows: Cell[][] = [
    ['plan', plan_id],
    ['scale', scale],
    ['share of the durations', String(time)],
    ['only', only.join(', ') || 'all'],
    ...Object.entries(parameters),
  ];
  return [{ kind: 'table', head: ['parameter', ''], rows }];
}
