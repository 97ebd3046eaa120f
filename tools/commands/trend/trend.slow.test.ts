import Ajv from 'ajv';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../programs/scratch';
import { madeRun, type Made } from '../compare/made.fixture';
import type { History } from './history';
import { said } from '../../testing/said';
import { main } from './trend';

const ran = (...args: string[]) => said(main, args);

const day = (i: number) => new Date(Date.UTC(2026, 9, 1 + i)).toISOString();

/** A folder with a run a day, each as many times slower as its number says. */
function results(slower: readonly number[], given: Partial<Made> = {}): string {
  const folder = scratch();
  slower.forEach((factor, i) => {
    const { record } = madeRun({
      seed: 100 + i,
      seconds: 60,
      slower: factor,
      ...given,
      change: (made) => {
        made.started_at = day(i);
        made.run_id = `run-${i}`;
        given.change?.(made);
      },
    });
    mkdirSync(join(folder, `run-${i}`));
    writeFileSync(join(folder, `run-${i}`, 'run.json'), JSON.stringify(record));
  });
  return folder;
}

const times = (n: number, factor: number) => Array<number>(n).fill(factor);

test('a target that became slower is found with the run in which it did: exit code 99, in the table, the JSON and the page', () => {
  const folder = results([...times(10, 1), ...times(10, 1.2)]);
  const { code, out } = ran(folder);
  assert.equal(code, 99, out);
  assert.match(
    out,
    /response time p50 \(load, chat\).*worse since 2026-10-11 00:00 \(run run-10, commit x\): .* \+(1[6-9]|2[0-4])\.\d %/,
  );
  const json = JSON.parse(ran(folder, '--format', 'json').out) as History;
  const check = new Ajv({ strict: false }).compile(
    JSON.parse(readFileSync('tools/commands/trend/trend.schema.json', 'utf8')) as object,
  );
  assert.ok(check(json), JSON.stringify(check.errors));
  const response = json.series.find(({ metric, stat }) => metric === 'llm_e2e' && stat === 'p50')!;
  assert.deepEqual(
    response.changes.map(({ run_id, verdict }) => [run_id, verdict]),
    [['run-10', 'worse']],
  );
  const errors = json.series.find(({ metric }) => metric === 'llm_stream_error')!;
  assert.deepEqual([errors.points.length, errors.changes], [20, []]);
  const shown = readFileSync(join(folder, 'trend.html'), 'utf8');
  assert.match(shown, /worse since 2026-10-11/);
  assert.doesNotMatch(shown, /<script|https?:\/\/(?!www\.w3\.org)|NaN|undefined/);
  assert.equal(ran(folder, '--format', 'json').out, JSON.stringify(json, null, 1) + '\n', 'twice the same');
});

test('what became faster again is better, and exit code 0; what did not change says so', () => {
  const { code, out } = ran(results([...times(8, 1), ...times(8, 1.3), ...times(8, 1)]), '--page', 'none');
  assert.equal(code, 0, out);
  assert.match(out, /response time p50.*better since 2026-10-17/);
  assert.match(ran(results(times(14, 1)), '--page', 'none').out, /response time p50.*no change/);
});

test('with too few runs nothing is claimed: 110, and how many are lacking', () => {
  const { code, out } = ran(results(times(5, 1)), '--page', 'none');
  assert.equal(code, 110);
  assert.match(out, /7 more runs are needed/);
});

test('runs of another load or machine are a series of their own, and an INVALID or damaged one is left out and named', () => {
  const folder = results(times(14, 1));
  const put = (name: string, content: string) => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'run.json'), content);
  };
  const other = (change: Made['change'], seed: number) => JSON.stringify(madeRun({ seed, seconds: 20, change }).record);
  put(
    'fast',
    other((r) => Object.assign(r.profile.phases[0]!, { rate: 99 }), 500),
  );
  put(
    'moved',
    other((r) => Object.assign(r.environment, { cpu_model: 'other' }), 501),
  );
  put(
    'late',
    other((r) => r.reasons.push({ about: 'instrument', text: 'the generator was late' }), 502),
  );
  put('cut', '{"schema": 2, "run_id"');
  const { out, code } = ran(folder, '--format', 'json', '--page', 'none');
  assert.equal(code, 0);
  const { series, left_out } = JSON.parse(out) as History;
  assert.deepEqual(
    series.filter(({ metric }) => metric === 'llm_e2e').map(({ points }) => points.length),
    [1, 1, 14].sort((a, b) => a - b),
  );
  assert.deepEqual(left_out.map(({ file }) => file.split('/').at(-2)).sort(), ['cut', 'late']);
  assert.match(left_out.map(({ why }) => why).join('\n'), /it is no JSON[\s\S]*the generator was late/);
});

test('names from a record are text in the page and on a terminal', () => {
  const evil = '</h3><script>alert(1)</script> "quoted" \u001b[2J';
  const folder = results(times(3, 1), {
    change: (record) => {
      record.script = evil;
      record.environment.cpu_model = evil;
      record.environment.commit = evil;
      record.run_id += evil;
    },
  });
  const { out } = ran(folder);
  assert.ok(![...out].some((each) => each < ' ' && each !== '\n'));
  assert.doesNotMatch(readFileSync(join(folder, 'trend.html'), 'utf8'), /<script|\u001b/);
});

test('wrong arguments are told: exit code 104', () => {
  const folder = results(times(2, 1));
  for (const [args, said] of [
    [[], /no folder of runs is given/],
    [[join(folder, 'nothing')], /is no folder/],
    [[folder, '--format', 'pdf'], /must be one of text, json/],
    [[folder, '--since', 'yesterday'], /must be a day such as/],
    [[folder, '--figure', 'nonsense'], /no figure of these runs has "nonsense"/],
    [[folder, '--page', join(folder, 'not/there.html')], /ENOENT/],
  ] as const) {
    const { code, err } = ran(...args);
    assert.deepEqual([code, said.test(err)], [104, true], err);
  }
});
