import type { RunRecord } from './run-record';

function xml(text: string): string {
  // Control characters are no XML, whatever a target put into its error text.
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '?')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');
}

/**
 * JUnit XML of nothing but run.json's content: a case for each objective (a missed one is a failure; one that is too
 * close, has too few samples or was not judged is skipped, with the reason) and one for the verdict, which fails on FAIL and is an error on INVALID.
 */
export function jUnit(run: RunRecord): string {
  const name = `gsai-perf ${run.script}`;
  const cases = run.objectives.map((o) => {
    const said = `measured ${o.measured ?? 'nothing'}, wanted ${o.target}, n=${o.n}`;
    const inner =
      o.state === 'missed'
        ? `<failure message="${xml(said)}">${xml(o.source)}</failure>`
        : o.state !== 'ok'
          ? `<skipped message="${xml(`${o.state}: ${o.reason}`)}"/>`
          : o.reason !== ''
            ? `<system-out>${xml(o.reason)}</system-out>`
            : '';
    return `    <testcase name="${xml(o.name)}" classname="${xml(name)}">${inner}</testcase>`;
  });
  const reasons = run.reasons.map((reason) => `${reason.about}: ${reason.text}`).join('\n');
  const verdict =
    run.verdict === 'PASS'
      ? ''
      : run.verdict === 'FAIL'
        ? `<failure message="FAIL">${xml(reasons)}</failure>`
        : `<error message="INVALID">${xml(reasons)}</error>`;
  cases.push(`    <testcase name="verdict" classname="${xml(name)}">${verdict}</testcase>`);
  const failures = run.objectives.filter((o) => o.state === 'missed').length + (run.verdict === 'FAIL' ? 1 : 0);
  const skipped = run.objectives.filter((o) => o.state !== 'missed' && o.state !== 'ok').length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="${run.verdict === 'INVALID' ? 1 : 0}" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts} time="${run.duration_s.toFixed(3)}">`,
    `  <testsuite name="${xml(name)}" timestamp="${run.started_at}" ${counts} time="${run.duration_s.toFixed(3)}">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
