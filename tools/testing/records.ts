import Ajv from 'ajv';
import { XMLParser } from 'fast-xml-parser';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { textSummary } from '../../lib/summary';
import type { K6Run } from '../programs/k6';

/*
 * What every run of a script must keep to, whatever its verdict.
 */

const validate = new Ajv({ allowUnionTypes: true }).compile(
  JSON.parse(readFileSync('lib/summary/run.schema.json', 'utf8')) as object,
);

/**
 * What holds for every run that wrote its record: the schema, the sum, and that everything shown is derived from it.
 */
export function checkRecord({ run, folder, code, stdout }: K6Run): void {
  assert.ok(run && folder, `no record was written:\n${stdout}`);
  assert.ok(validate(run), JSON.stringify(validate.errors));
  const { started, finished, failed, interrupted } = run.counts;
  assert.equal(started, finished + failed + interrupted);
  assert.equal(
    run.outcomes.reduce((sum, row) => sum + row.count, 0),
    started,
    'every request has one outcome',
  );
  assert.ok(stdout.includes(textSummary(run, folder).trim()), 'the table is that of run.json');
  assert.ok(existsSync(join(folder, 'report.html')), 'every run writes its report');
  const suite = (
    new XMLParser({ ignoreAttributes: false }).parse(readFileSync(join(folder, 'junit.xml'), 'utf8')) as {
      testsuites: { '@_errors': string; '@_failures': string };
    }
  ).testsuites;
  assert.equal(Number(suite['@_errors']), run.verdict === 'INVALID' ? 1 : 0);
  assert.equal(
    Number(suite['@_failures']) > 0,
    run.verdict === 'FAIL' || run.objectives.some((o) => o.state === 'missed'),
  );
  if (!run.reasons.some((reason) => reason.text.includes('stopped by')))
    assert.equal(code, { PASS: 0, FAIL: 99, INVALID: 110 }[run.verdict]);
}

export function checkPlain({ stdout, stderr }: K6Run): void {
  assert.doesNotMatch(stdout + stderr, /\bat .*\(?file:\/\/|goroutine \d+|panic:|GoError/, 'no stack trace');
}

export function reasons({ run }: K6Run): string {
  return run?.reasons.map((reason) => `${reason.about}: ${reason.text}`).join('\n') ?? '';
}
