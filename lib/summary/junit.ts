import type { ObjectiveResult } from '../verdict';
import { failureLines } from './failures';
import type { RunRecord } from './run-record';
import { figure, intervalText, labelOf, scopeOf, unitOf, wanted } from './words';

function xml(text: string): string {
  // Control characters and halves of pairs are no XML, whatever a target put into its error text.
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g, '?')
    .replace(/[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]/g, (found) => (found.length === 2 ? found : '?'))
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/\t/g, '&#9;');
}

const attributes = (values: Record<string, string | number>) =>
  Object.entries(values)
    .map(([name, value]) => ` ${name}="${xml(String(value)).replaceAll('\n', '&#10;')}"`)
    .join('');

const seconds = (time: number) => Math.max(0, time).toFixed(3);

/** The figure of an objective with its limit, interval and samples, in one line. */
export function measuredText(o: ObjectiveResult, findings: RunRecord['findings']): string {
  const unit = unitOf(o, findings);
  const measured = o.measured === null ? 'nothing was measured' : `measured ${figure(o.measured, unit, o.interval)}`;
  const interval = o.interval ? `, 95 % interval ${intervalText(o.interval, unit)}` : '';
  return `${measured}, wanted ${wanted(o, findings)}${interval}, n=${o.n} (${scopeOf(o)})`;
}

/** What a case says in full: parsers that show the text of an element drop its message. */
function objectiveText(o: ObjectiveResult, findings: RunRecord['findings']): string {
  const reason = o.reason && o.reason !== o.state ? [o.reason] : [];
  return [`${labelOf(o)}: ${measuredText(o, findings)}`, ...reason, `source: ${o.source}`].join('\n');
}

/** An objective's case. Objectives of one name, one for each value of a tag, are told apart by what they judge. */
function objectiveCase(o: ObjectiveResult, run: RunRecord, classname: string): string {
  const twice = run.objectives.some((other) => other !== o && other.name === o.name);
  const name = twice ? `${o.name} (${scopeOf(o)})` : o.name;
  const text = objectiveText(o, run.findings);
  const message = `${o.state}: ${measuredText(o, run.findings)}`;
  const inner =
    o.state === 'missed'
      ? `<failure${attributes({ message, type: 'missed' })}>${xml(text)}</failure>`
      : o.state === 'ok'
        ? `<system-out>${xml(text)}</system-out>`
        : `<skipped${attributes({ message })}/><system-out>${xml(`${o.state}\n${text}`)}</system-out>`;
  return `    <testcase${attributes({ name, classname, time: seconds(0) })}>${inner}</testcase>`;
}

/** The verdict's case: the time of the run is its time. */
function verdictCase(run: RunRecord, classname: string): string {
  const reasons = run.reasons.map((reason) => `${reason.about}: ${reason.text}`);
  const message = reasons[0] ?? run.verdict;
  const text = xml([run.verdict, ...reasons].join('\n'));
  const inner = {
    PASS: `<system-out>${text}</system-out>`,
    FAIL: `<failure${attributes({ message, type: 'FAIL' })}>${text}</failure>`,
    INVALID: `<error${attributes({ message, type: 'INVALID' })}>${text}</error>`,
  }[run.verdict];
  return `    <testcase${attributes({ name: 'verdict', classname, time: seconds(run.duration_s) })}>${inner}</testcase>`;
}

/**
 * JUnit XML of nothing but run.json's content: a case for each objective (a missed one is a failure; one that is too
 * close, has too few samples or was not judged is skipped, with the reason) and one for the verdict, which fails on FAIL
 * and is an error on INVALID. Values, limits and intervals stand in the text of each element, since GitLab and Jenkins
 * drop `message` where there is text. Attributes and their order of elements are those that the schemas of Ant, Surefire
 * and Jenkins' xUnit plugin have in common.
 */
export function jUnit(run: RunRecord): string {
  const name = `gsai-perf ${run.script}`;
  const cases = [...run.objectives.map((o) => objectiveCase(o, run, name)), verdictCase(run, name)];
  const counts = {
    tests: cases.length,
    failures: run.objectives.filter((o) => o.state === 'missed').length + (run.verdict === 'FAIL' ? 1 : 0),
    errors: run.verdict === 'INVALID' ? 1 : 0,
  };
  const skipped = run.objectives.filter((o) => o.state !== 'missed' && o.state !== 'ok').length;
  const time = seconds(run.duration_s);
  const { environment: e, counts: c } = run;
  const properties = { run_id: run.run_id, target: e.target, verdict: run.verdict, commit: e.commit };
  const out = [
    `${run.row}; ${e.target}; run ${run.run_id}`,
    `${c.started} requests started = ${c.finished} finished + ${c.failed} failed + ${c.interrupted} interrupted`,
    ...failureLines(run),
  ];
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({ name: 'gsai-perf', ...counts, time })}>`,
    `  <testsuite${attributes({ name, ...counts, skipped, time, timestamp: run.started_at.slice(0, 19), hostname: e.hostname })}>`,
    '    <properties>',
    ...Object.entries(properties).map(([key, value]) => `      <property${attributes({ name: key, value })}/>`),
    '    </properties>',
    ...cases,
    `    <system-out>${xml(out.join('\n'))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
