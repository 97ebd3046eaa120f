import Ajv from 'ajv';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { phaseRow, row } from '../measurements/snapshot.fixture';
import type { RunRecord } from './run-record';
import { record, verdicts } from './record.fixture';
import { file } from './screen';
import { textSummary } from './text';
import { rounded } from './words';

test('a record validates, and one with a foreign verdict or without counts does not', () => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(
    JSON.parse(readFileSync('lib/summary/run.schema.json', 'utf8')) as object,
  );
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

test('the table says the verdict and its reasons', () => {
  for (const [, run] of verdicts) {
    const text = textSummary(run, 'results/r');
    assert.match(text, new RegExp(`verdict     ${run.verdict}\n`));
    for (const reason of run.reasons) assert.ok(text.includes(reason.text));
    for (const { name } of run.objectives) assert.ok(text.includes(name.replace('success', 'errors')));
  }
});

test('the table says how many requests were measured at the read', () => {
  assert.match(textSummary(record()), /clock kernel; the generator/);
  const text = (http2: number, gzip: number) =>
    textSummary(record({ instrument: { readClock: { http2, gzip, unix: 0 } } }));
  assert.match(text(120, 0), /clock kernel, but the time of the read for 120 requests over HTTP\/2; the generator/);
  assert.match(
    text(120, 3),
    /clock kernel, but the time of the read for 120 requests over HTTP\/2 and 3 requests in gzip; the generator/,
  );
  assert.match(text(0, 3), /clock kernel, but the time of the read for 3 requests in gzip; the generator/);
});

test('a wall clock that was set during the run is told, with how often and by how much', () => {
  const run = record({ instrument: { clockSteps: { count: 2, largest: 3_600_000 } } });
  assert.match(textSummary(run, '', file), /the wall clock was set 2 times during the run \(by 3600000 ms at most\)/);
  assert.doesNotMatch(textSummary(record(), '', file), /wall clock/);
});

test('NoPowersOfTen: a reader of the table meets 0.0037 and 0, and no 3.7e-3 or 1.7e-18', () => {
  const run = record();
  const text = textSummary({
    ...run,
    objectives: [{ ...run.objectives[0]!, measured: 0.0037, interval: [1.7e-18, 0.025] }],
  });
  assert.match(text, / 0\.0037 ms +under 500 ms +0 to 0\.025 ms /);
  assert.doesNotMatch(text, /\de-?\d/);
});

test('errors are told as "0.4 %, at most 1 %": they were "success 0.004"', () => {
  const run = record();
  const success = { ...run.objectives[1]!, measured: 0.00401, interval: [0.0012, 0.0093] as [number, number] };
  const text = textSummary({ ...run, objectives: [success] });
  assert.match(text, /errors +all requests +0\.4 % +at most 1 % +0\.12 to 0\.93 %/);
  assert.doesNotMatch(text, /success/);
});

test('chats and lists of models never share a response time: a list took 1 ms, and the median of all was 30 ms', () => {
  const slow = Array<number>(200).fill(800);
  const quick = Array<number>(200).fill(1);
  const rows = [
    row('llm_e2e', { phase: 'load', kind: 'chat' }, slow),
    row('llm_e2e', { phase: 'load', kind: 'models' }, quick),
  ];
  const outcomes = ['chat', 'models'].map((kind) => ({
    tags: { phase: 'load', kind },
    outcome: 'ok' as const,
    count: 200,
  }));
  const text = textSummary(record({ rows, outcomes }));
  assert.match(text, /chat +200 +0 % .* 80\d +80\d /);
  assert.match(text, /models +200 +0 % .* 1 +1 /);
  assert.match(text, /phase .*chat p50 /);
});

test('a percentile of too few samples has a star, and the table says what the star means', () => {
  const rows = [row('llm_e2e', { phase: 'load', kind: 'chat' }, Array<number>(60).fill(800))];
  const outcomes = [{ tags: { phase: 'load', kind: 'chat' }, outcome: 'ok' as const, count: 60 }];
  const text = textSummary(record({ rows, outcomes }));
  assert.match(text, / 80\d +80\d\* +80\d\* /);
  assert.match(text, /\* has fewer samples than this percentile needs/);
});

test('nothing is wider than the terminal, at 80 and at 120 columns, and what has no room is told', () => {
  const run = record();
  run.objectives[0]!.name = 'a response time objective with a name that needs all the room of a line of a terminal';
  run.notes = ['a sentence that goes on '.repeat(20).trim()];
  run.findings = [
    {
      id: 'x',
      value: 1,
      unit: '',
      text: 'y',
      table: { head: Array<string>(20).fill('column'), rows: [Array<string>(20).fill('123456')] },
    },
  ];
  for (const columns of [80, 120]) {
    const text = textSummary(run, 'results/r', { columns, terminal: true, colour: false });
    for (const line of text.split('\n')) assert.ok(line.length <= columns, `${columns}: ${line}`);
    assert.match(text, /more columns stand in the report/);
    assert.match(text, / {2}note {8}a sentence .*\n {14}\w/);
  }
});

test('the verdict has a colour where the screen has, and never else', () => {
  const screen = { columns: 120, terminal: true };
  assert.match(textSummary(record(), '', { ...screen, colour: true }), /verdict {5}\u001b\[32mPASS\u001b\[0m/);
  assert.ok(!textSummary(record(), '', { ...screen, colour: false }).includes('\u001b'));
  assert.ok(!textSummary(record()).includes('\u001b'));
});

test('the summary ends with the one step that helps next', () => {
  const next = (run: RunRecord) => /next +(.*)\n\n$/.exec(textSummary(run, 'results/r'))![1];
  const [pass, fail, invalid] = verdicts.map(([, run]) => run) as [RunRecord, RunRecord, RunRecord];
  assert.match(next(pass)!, /^npm run calibrate /);
  assert.match(next(fail)!, /^open results\/r\/report\.html: it shows /);
  assert.match(next(invalid)!, /^put right what the first reason says/);
  const short = { ...pass, verdict: 'INVALID' as const };
  short.reasons = ['19s', '2m', '21s'].map((needs) => ({
    about: 'evidence' as const,
    text: `at this rate DURATION=${needs} is long enough`,
  }));
  assert.match(next(short)!, /-e DURATION=2m has enough/);
});

test('AdviceThatCouldNotHelp: a run is told to be longer only where a longer one decides, and to send less where it was too much', () => {
  const next = (run: RunRecord) => /next +(.*)\n\n$/.exec(textSummary(run, 'results/r', file))![1]!;
  const [pass] = verdicts.map(([, run]) => run) as [RunRecord];
  const invalid = (state: 'not judged' | 'too few' | 'too close', n: number, text: string): RunRecord => ({
    ...pass,
    verdict: 'INVALID',
    reasons: [{ about: 'evidence', text }],
    objectives: pass.objectives.map((each) => ({ ...each, state, n })),
  });
  const nothing = next(invalid('not judged', 0, 'nothing was judged: TTFT: no request carried family=llama'));
  assert.match(nothing, /a longer run decides no more: change the load, or give objectives about it/);
  assert.match(next(invalid('too few', 0, 'TTFT: too little evidence: no sample')), /a longer run decides no more/);
  assert.match(next(invalid('too few', 3, 'TTFT: too little evidence: 3 samples')), /, and run it longer$/);
  const near = next(invalid('too close', 300, 'TTFT: too close to say; about DURATION=9m decides it'));
  assert.match(near, /-e DURATION=9m a figure that stays as it is can be told from its limit/);

  const refused = record({
    rows: [row('llm_stream_error', {}, Array<number>(1000).fill(1))],
    outcomes: [{ tags: {}, outcome: 'http_429', count: 1000 }],
    failed: 1000,
    finished: 0,
  });
  assert.match(next(refused), /^send less than the target allows \(-e RATE=\.\.\.\), or have its limit raised/);
});

test('a row of the plan that this run scaled down is not told as what was run: "to 1000 users" stood over 60 requests/s', () => {
  const run = record();
  assert.match(textSummary(run), /\n {2}Plan & row <1>\n/);
  run.environment.parameters = { scale: 0.1 };
  assert.match(textSummary(run), /Plan & row <1> \(at full scale; the parameters of this run change it\)/);
  assert.match(textSummary(run), /baseline: 1000 requests in 60 s, up to 16\.7 requests\/s: 1000 ended well\./);
});

test('figures have the digits that their interval allows, and no float noise', () => {
  assert.equal(rounded(228.642, [215, 243]), '229');
  assert.equal(rounded(4.2345, [3, 6]), '4.2');
  assert.equal(rounded(0.30000000000000004), '0.3');
  assert.equal(rounded(1.7e-18), '0');
  assert.equal(rounded(123456.7), '123457');
  assert.equal(rounded(0.00000123), '0.00000123');
});

test('a phase that was never reached is not in the table', () => {
  assert.doesNotMatch(
    textSummary(record({ phases: [phaseRow('load'), phaseRow('step-9', { start: -1, end: -1 })] })),
    /step-9/,
  );
});

test('a disk that was full for report.html: no line names a file that is not there', () => {
  const fail = verdicts[1]![1];
  assert.match(textSummary(fail, 'results/r', file), /report {6}results\/r\/report\.html/);
  const text = textSummary(fail, 'results/r', file, false);
  assert.match(text, /written to {2}results\/r\n/);
  assert.doesNotMatch(text, /report\.html/);
  assert.match(text, /npm run report -- results\/r writes/);
});
