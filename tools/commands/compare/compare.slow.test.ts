import Ajv from 'ajv';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../../programs/scratch';
import { said } from '../../testing/said';
import { exitCodes, main, shareOf } from './compare';
import type { Comparison } from './comparison';
import { compare, defaults } from './judge';
import { madeRun, older } from './made.fixture';
import { markdown } from './markdown';
import { text } from './text';

const folder = scratch();

/** A folder of results with this run.json in it. */
function written(name: string, content: unknown): string {
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, name, 'run.json'), typeof content === 'string' ? content : JSON.stringify(content));
  return join(folder, name);
}

const ran = (...args: string[]) => said(main, args);

const base = written('base', madeRun({ seed: 1, seconds: 400 }).record);
const same = written('same', madeRun({ seed: 2, seconds: 400 }).record);
const slower = written('slower', madeRun({ seed: 3, seconds: 400, slower: 1.15 }).record);

test('a slower target is worse (exit code 99), a faster one better (0), the same one no different (0)', () => {
  const worse = ran(base, slower);
  assert.equal(worse.code, 99, worse.out);
  assert.match(worse.out, /WORSE/);
  assert.match(worse.out, /response time p50 \(load, chat\): \+1\d\.\d %/);
  const better = ran(slower, base);
  assert.equal(better.code, 0);
  assert.match(better.out, /BETTER/);
  const none = ran(base, same);
  assert.deepEqual([none.code, /NO DIFFERENCE SHOWN/.test(none.out)], [0, true], none.out);
});

test('a short pair of runs says that there is too little evidence (110), what would have shown, and how long is enough', () => {
  const short = [4, 5].map((seed) => written(`short-${seed}`, madeRun({ seed, seconds: 20 }).record));
  const { code, out } = ran(...short);
  assert.equal(code, 110);
  assert.match(out, /TOO LITTLE EVIDENCE/);
  assert.match(out, /only a difference of \d.* or more would have been seen; runs of \d+[smh]/);
  assert.match(out, /Runs of \d+[smh]\d*m? each would show a difference of 10 %/);
});

test('a difference within the threshold is none, however significant', () => {
  const long = [madeRun({ seed: 6, seconds: 2000 }), madeRun({ seed: 7, seconds: 2000, slower: 1.03 })];
  const figure = compare([long[0]!], [long[1]!]).figures.find(
    ({ metric, stat }) => metric === 'llm_e2e' && stat === 'p50',
  )!;
  assert.ok(figure.p! < 0.05, `${figure.p}`);
  assert.equal(figure.verdict, 'no difference shown');
  assert.match(figure.text, /within the threshold/);
  const strict = compare([long[0]!], [long[1]!], { ...defaults, threshold: 0.01, effect: 0.05 });
  assert.equal(strict.verdict, 'worse');
});

test('more tokens a second are better, more errors worse', () => {
  const many = madeRun({ seed: 8, seconds: 400, errors: 0.2 });
  const { verdict, figures } = compare([madeRun({ seed: 9, seconds: 400 })], [many]);
  assert.equal(verdict, 'worse');
  const errors = figures.find(({ metric }) => metric === 'llm_stream_error')!;
  assert.deepEqual([errors.verdict, /points/.test(errors.text)], ['worse', true]);
  const rate = (seed: number, slower: number) =>
    madeRun({
      seed,
      seconds: 400,
      slower,
      change: ({ metrics }) => {
        metrics.llm_tokens_per_second = metrics.llm_ttft;
      },
    });
  const faster = compare([rate(10, 1)], [rate(11, 1.3)]).figures.find(
    ({ metric }) => metric === 'llm_tokens_per_second',
  )!;
  assert.equal(faster.verdict, 'better');
});

test('what makes runs not comparable is told in words, and can be allowed', () => {
  const other = (change: Parameters<typeof madeRun>[0]['change']) => madeRun({ seed: 12, seconds: 400, change });
  const cases: [RegExp, Parameters<typeof madeRun>[0]['change']][] = [
    [/the runs are of different scripts: made and spike/, (r) => Object.assign(r, { script: 'spike' })],
    [/the loads are different: load 10\/s .* load 20\/s/, (r) => Object.assign(r.profile.phases[0]!, { rate: 20 })],
    [
      /a parameter is different: maxTokens is nothing .* and 64/,
      (r) => Object.assign(r.environment.parameters, { maxTokens: 64 }),
    ],
    [
      /the machines are different: their CPU is "c" and "fast"/,
      (r) => Object.assign(r.environment, { cpu_model: 'fast' }),
    ],
    [
      /instrument of made-12 was in doubt: the generator was late/,
      (r) => r.reasons.push({ about: 'instrument', text: 'the generator was late' }),
    ],
  ];
  for (const [sentence, change] of cases) {
    const { verdict, reasons, figures } = compare([madeRun({ seed: 13, seconds: 400 })], [other(change)]);
    assert.equal(verdict, 'not comparable');
    assert.match(reasons.join('\n'), sentence);
    assert.equal(figures.length, 0);
    assert.equal(exitCodes[verdict], 110);
  }
  const allowed = compare([madeRun({ seed: 13, seconds: 400 })], [other(cases[3]![1])], defaults, ['machine']);
  assert.notEqual(allowed.verdict, 'not comparable');
  assert.match(allowed.notes.join('\n'), /Allowed: the machines are different/);
});

test('a damaged, cut off, empty, foreign or newer run.json is one clear sentence and exit code 104, never a stack trace', () => {
  const record = madeRun({ seed: 14, seconds: 20 }).record;
  const whole = JSON.stringify(record);
  const wrong = structuredClone(record);
  wrong.metrics.llm_ttft![0]!.histogram!.buckets[1]! += 7;
  const cases: [string, string, RegExp][] = [
    ['cut', whole.slice(0, whole.length / 2), /is no JSON: .*cut off/],
    ['empty', '', /is empty: the run did not end/],
    ['list', '[1,2]', /is no run\.json/],
    ['foreign', '{"name":"gsai-perf"}', /is no run\.json: it has no "schema"/],
    ['newer', JSON.stringify({ ...record, schema: 9 }), /schema 9, and this version reads 1 and 2/],
    ['nothing', JSON.stringify({ ...record, counts: undefined }), /does not follow schema \d of run\.json .*counts/],
    [
      'words',
      whole.replace('"duration_s":20', '"duration_s":"20"'),
      /does not follow schema .*duration_s must be number/,
    ],
    ['sum', JSON.stringify(wrong), /is damaged: llm_ttft, row 1: the buckets hold \d+ values and the count is \d+/],
    [
      'ended',
      JSON.stringify({ ...record, counts: { ...record.counts, started: 1 } }),
      /is damaged: 1 requests were started/,
    ],
  ];
  for (const [name, content, said] of cases) {
    const { code, out, err } = ran(base, written(name, content));
    assert.equal(code, 104, `${name}: ${out}${err}`);
    assert.match(err, said);
    assert.match(err, new RegExp(`^${join(folder, name, 'run.json')} `), 'the sentence names the file');
    assert.deepEqual([err.trim().split('\n').length, / at .*:\d+:\d+/.test(err), out], [1, false, '']);
  }
  assert.match(ran(base, join(folder, 'not-there')).err, /cannot be read: ENOENT/);
});

test('wrong arguments are told, with what is allowed: exit code 104', () => {
  for (const [args, said] of [
    [[base], /1 runs are given/],
    [['--base', base], /no run is given for the new side/],
    [['--base', base, '--new', same, slower], /belongs to neither side/],
    [[base, same, '--format', 'pdf'], /--format is "pdf", but must be one of text, md, json/],
    [[base, same, '--threshold', 'five'], /--threshold is "five", but must be a share such as 5%/],
    [[base, same, '--effect', '1%'], /--effect must be larger than --threshold/],
    [[base, same, '--allow', 'everything'], /--allow is "everything"/],
    [[base, same, '--fast'], /--fast/],
    [['--base', `${folder}/no-*`, '--new', same], /matches no folder with a run\.json/],
    [['--base', `${base},${base}`, '--new', same], /has the run made-1 twice/],
  ] as const) {
    const { code, err } = ran(...args);
    assert.deepEqual([code, said.test(err)], [104, true], err);
  }
  assert.deepEqual([shareOf('x', '5%', 0), shareOf('x', '0.05', 0), shareOf('x', undefined, 0.1)], [0.05, 0.05, 0.1]);
});

test('a record of schema 1 has no stretches of time: its timeline serves where it says enough, else nothing is claimed', () => {
  const [a, b] = [madeRun({ seed: 15, seconds: 400 }), madeRun({ seed: 16, seconds: 400, slower: 1.15 })];
  const old = compare([older(a)], [older(b)]);
  const of = ({ figures }: Comparison, metric: string) =>
    figures.find((each) => each.metric === metric && ['p50', 'share'].includes(each.stat))!;
  assert.equal(of(old, 'llm_inter_chunk').verdict, 'too little evidence');
  assert.match(of(old, 'llm_inter_chunk').text, /not known when each value came/);
  assert.equal(of(old, 'llm_inter_chunk').p, null);
  assert.equal(of(old, 'llm_e2e').verdict, 'worse', 'the timeline has its figures of each second');
  const width = (comparison: Comparison) => {
    const [low, high] = of(comparison, 'llm_e2e').interval!;
    return high! - low!;
  };
  const now = compare([a], [b]);
  assert.ok(width(old) > 0.8 * width(now), `${width(old)} is not much narrower than ${width(now)}`);
  assert.match(old.notes.join('\n'), /\(schema 1\) does not say when each value came/);
});

test('repeats that differ among themselves more than their values explain are not taken for a difference of the target', () => {
  const drifting = (seed: number, slower: number) => madeRun({ seed, seconds: 200, slower });
  const factors = [0.8, 1.0, 1.25, 0.9, 1.15];
  const sideA = factors.map((each, i) => drifting(20 + i, each));
  const sideB = factors.map((each, i) => drifting(30 + i, each * 1.08));
  const many = compare(sideA, sideB);
  assert.notEqual(many.verdict, 'worse', text(many, true));
  const one = compare([sideA[0]!], [sideB[0]!]);
  assert.equal(one.verdict, 'worse', 'one run each cannot know it, and says so');
  assert.match(one.notes.join('\n'), /fewer than three runs on each side/);
  const steady = compare(
    [41, 42, 43, 44].map((seed) => drifting(seed, 1)),
    [45, 46, 47, 48].map((seed) => drifting(seed, 1.12)),
  );
  assert.equal(steady.verdict, 'worse', text(steady, true));
});

test('five folders are found by a pattern', () => {
  for (let i = 1; i <= 5; i++) written(`many-${i}`, madeRun({ seed: 50 + i, seconds: 20 }).record);
  const { code, out } = ran('--base', join(folder, 'many-*'), '--new', base, '--format', 'json');
  assert.notEqual(code, 104);
  assert.equal((JSON.parse(out) as Comparison).base.runs.length, 5);
});

test('the JSON follows its schema', () => {
  const schema = JSON.parse(readFileSync('tools/commands/compare/compare.schema.json', 'utf8')) as object;
  const check = new Ajv({ strict: false }).compile(schema);
  for (const [a, b] of [
    [base, slower],
    [base, written('shortest', madeRun({ seed: 60, seconds: 3 }).record)],
  ] as const) {
    const { out } = ran(a, b, '--format', 'json');
    assert.ok(check(JSON.parse(out)), JSON.stringify(check.errors));
  }
});

test('names from a record are text in Markdown and on a terminal, whatever they hold, and the table keeps its columns', () => {
  const evil = '[x](http://evil) <img src=x onerror=1> | a | `b` @all #1 **bold**\n\n# heading \u001b[2J';
  const named = (seed: number) =>
    madeRun({
      seed,
      seconds: 200,
      slower: seed === 61 ? 1 : 1.3,
      change: (record) => {
        record.run_id = evil;
        record.environment.target = evil;
        record.objectives.push({
          name: evil,
          metric: 'llm_ttft',
          stat: 'p50',
          tags: {},
          source: 'x',
          target: '< 500',
          measured: 1,
          n: 1,
          needs: 1,
          interval: null,
          state: 'ok',
          reason: '',
        });
      },
    });
  const comparison = compare([named(61)], [named(62)]);
  const shown = markdown(comparison, true);
  assert.doesNotMatch(shown, /<img|\]\(|\*\*bold|@all|`b`|\u001b|^# heading|http:\/\/evil/m);
  for (const line of shown.split('\n').filter((each) => each.startsWith('|')))
    assert.equal(line.split('|').length, 9, line);
  const terminal = text(comparison, true);
  assert.ok(![...terminal].some((each) => each < ' ' && each !== '\n'), 'no control character');
});

test('Markdown stays small enough for a comment of a pull request with hundreds of figures', () => {
  const wide = (seed: number) =>
    madeRun({
      seed,
      seconds: 30,
      change: ({ metrics }) => {
        for (const [metric, rows] of Object.entries(metrics))
          metrics[metric as 'llm_ttft'] = Array.from({ length: 150 }, (_, i) => ({
            ...rows[0]!,
            tags: { ...rows[0]!.tags, model: `a model with a long name, number ${i}` },
          }));
      },
    });
  const shown = markdown(compare([wide(71)], [wide(72)]), true);
  assert.ok(shown.length < 65_000, `${shown.length}`);
  assert.match(shown, /more figures are left out here/);
});
