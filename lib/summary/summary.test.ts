import Ajv from 'ajv';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { schemaFile, schemaText } from '../../tools/commands/schema';
import { phases } from '../load';
import { metricReports, phaseReports, timelinePoints } from '../measurements';
import { parseObjectives } from '../objectives';
import { judge } from '../verdict';
import { phaseRow, row, soundSnapshot } from '../measurements/snapshot.fixture';
import { jUnit } from './junit';
import { instrumentReport } from './instrument';
import type { RunRecord } from './run-record';
import { textSummary } from './text';

const { objectives } = parseObjectives(
  {
    row: 'Plan & row <1>',
    objectives: [
      { name: 'TTFT "p95"', metric: 'llm_ttft', stat: 'p95', below: 500, source: 'a < b & c' },
      { name: 'success', metric: 'llm_stream_error', stat: 'share', atMost: 0.01, source: 'plan' },
    ],
  },
  'x.json',
);

function record(given: Parameters<typeof soundSnapshot>[0] = {}): RunRecord {
  const s = soundSnapshot({
    timeline: [{ slot: 0, phase: 'load', started: 5, outcomes: { ok: 3, http_5xx: 1 }, inFlight: 2, metrics: {} }],
    ...given,
  });
  return {
    schema: 2,
    run_id: 'r',
    script: 'baseline',
    row: 'Plan & row <1>',
    profile: { phases: phases({ load: { rate: 10, for: '1m' } }), arrivals: 'constant', vus: 100, allowed_s: 2 },
    started_at: '2026-01-01T00:00:00.000Z',
    duration_s: 60,
    ...judge({ objectives, snapshot: s, refused: '', vus: 100, allowedSeconds: 2, mayBreak: false }),
    findings: [],
    notes: [],
    counts: { started: s.started, finished: s.finished, failed: s.failed, interrupted: s.interrupted },
    outcomes: s.outcomes,
    phases: phaseReports(s),
    metrics: metricReports(s),
    timeline: timelinePoints(s, 1),
    instrument: instrumentReport(s),
    environment: {
      hostname: 'h',
      os: 'linux',
      kernel: '6',
      arch: 'amd64',
      cpu_model: 'c',
      cpus: 2,
      memory_bytes: 1,
      k6: 'v2.2.0',
      go: 'go1.26',
      project: '0',
      commit: 'x',
      target: 'http://t',
      parameters: {},
    },
    cost: null,
  };
}

test('the schema in the repository is that of the type (npm run schema)', () => {
  assert.equal(readFileSync(schemaFile, 'utf8'), schemaText());
});

test('a record validates, and one with a foreign verdict or without counts does not', () => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(JSON.parse(schemaText()) as object);
  // As it is written: what is undefined is left out.
  const written = JSON.parse(JSON.stringify(record())) as RunRecord;
  assert.ok(validate(written), JSON.stringify(validate.errors));
  assert.equal(validate({ ...written, verdict: 'GREEN' }), false);
  assert.equal(validate({ ...written, counts: undefined }), false);
});

test('metrics stand under the whole, each phase, each kind, and the full tags with the histogram', () => {
  const reports = record().metrics.llm_ttft_scheduled!;
  assert.deepEqual(
    reports.map((each) => each.tags),
    [{}, { phase: 'load' }, { kind: 'chat' }, { phase: 'load', kind: 'chat' }, { phase: 'load', kind: 'chat' }],
  );
  assert.equal(reports.filter((each) => each.histogram).length, 1);
  assert.ok(reports.every((each) => each.count === 1000));
});

const verdicts: [string, RunRecord][] = [
  ['PASS', record()],
  [
    'FAIL',
    record({
      rows: [row('llm_stream_error', {}, Array<number>(1000).fill(1))],
      outcomes: [{ tags: {}, outcome: 'http_5xx', count: 1000 }],
      failed: 1000,
      finished: 0,
    }),
  ],
  ['INVALID', record({ scriptErrors: 2, firstScriptErrors: ['<boom> & \u0007'] })],
];

test('the table says the verdict and its reasons', () => {
  for (const [, run] of verdicts) {
    const text = textSummary(run, 'results/r');
    assert.match(text, new RegExp(`verdict     ${run.verdict}\n`));
    for (const reason of run.reasons) assert.ok(text.includes(reason.text));
    for (const objective of run.objectives) assert.ok(text.includes(objective.name));
  }
});

test('the table says how many requests were measured at the read', () => {
  assert.match(textSummary(record()), /clock kernel; the generator/);
  const text = (http2: number, gzip: number) => textSummary(record({ instrument: { readClock: { http2, gzip } } }));
  assert.match(text(120, 0), /clock kernel, but the time of the read for 120 requests over HTTP\/2; the generator/);
  assert.match(
    text(120, 3),
    /clock kernel, but the time of the read for 120 requests over HTTP\/2 and 3 requests in gzip; the generator/,
  );
  assert.match(text(0, 3), /clock kernel, but the time of the read for 3 requests in gzip; the generator/);
});

test('NoPowersOfTen: a reader of the table meets 0.0037 and 0, and no 3.7e-3 or 1.7e-18', () => {
  const run = record();
  const text = textSummary({
    ...run,
    objectives: [{ ...run.objectives[0]!, measured: 0.0037, interval: [1.7e-18, 0.025] }],
  });
  assert.match(text, / 0\.0037 +0 \.\. 0\.025 /);
  assert.doesNotMatch(text, /\de-?\d/);
});

test('a phase that was never reached is not in the table', () => {
  assert.doesNotMatch(
    textSummary(record({ phases: [phaseRow('load'), phaseRow('step-9', { start: -1, end: -1 })] })),
    /step-9/,
  );
});

test('junit.xml is well formed and counts as run.json does', () => {
  for (const [verdict, run] of verdicts) {
    const xml = jUnit(run);
    assert.equal(XMLValidator.validate(xml), true);
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(xml) as {
      testsuites: {
        testsuite: {
          '@_tests': string;
          '@_errors': string;
          testcase: { '@_name': string; error?: unknown; failure?: unknown }[];
        };
      };
    };
    const suite = parsed.testsuites.testsuite;
    assert.equal(Number(suite['@_tests']), run.objectives.length + 1);
    const last = suite.testcase.at(-1)!;
    assert.equal(last['@_name'], 'verdict');
    assert.equal('error' in last, verdict === 'INVALID');
    assert.equal('failure' in last, verdict === 'FAIL');
  }
});
