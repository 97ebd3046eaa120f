import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '../measurements';
import { row } from '../measurements/snapshot.fixture';
import { parseObjectives } from '../objectives';
import { objectives, trial } from './trial.fixture';
import { judge } from './verdict';

test('an objective about a model family that was not asked for is told as not judged', () => {
  const judged = judge(
    trial(
      {},
      { objectives: [...objectives, { ...objectives[0]!, name: 'llama', tags: { family: 'llama' }, ifRun: true }] },
    ),
  );
  assert.equal(judged.verdict, 'PASS');
  assert.deepEqual(judged.objectives.map((o) => [o.name, o.state, o.reason]).at(-1), [
    'llama',
    'not judged',
    'no request carried family=llama',
  ]);
});

const made = { id: 'time-to-switch', unit: 'ms', text: 'the fallback answered after a while' };
const switching: [string, Partial<Finding>, string, RegExp | undefined][] = [
  ['met', { value: 300 }, 'PASS', undefined],
  ['missed', { value: 800 }, 'FAIL', /target: switch: measured 800, wanted < 500: the fallback answered/],
  [
    'missed, with an interval that holds the limit',
    { value: 800, interval: [400, 1200] },
    'INVALID',
    /evidence: switch: too close to say: measured 800, wanted < 500/,
  ],
  [
    'never done',
    { value: null, missed: true, text: 'there is no failover' },
    'FAIL',
    /target: switch: there is no failover/,
  ],
  ['not seen', { value: null }, 'INVALID', /evidence: switch/],
];
for (const [name, change, verdict, reason] of switching) {
  test(`an objective about a finding: ${name}`, () => {
    const { findings } = parseObjectives(
      { row: 'r', objectives: [{ name: 'switch', finding: 'time-to-switch', below: 500, source: 'test' }] },
      'test.json',
    );
    const judged = judge(
      trial({}, { findings: { objectives: findings, made: [{ value: null, ...made, ...change }] } }),
    );
    assert.equal(judged.verdict, verdict);
    if (reason) assert.match(judged.reasons.map((each) => `${each.about}: ${each.text}`).join(), reason);
  });
}

test('a finding that was not made is told as not judged where the file allows that, and is else no evidence', () => {
  const objective = { name: 'switch', finding: 'nothing', below: 500, source: 'test' };
  const made = (ifRun: boolean) =>
    judge(
      trial(
        {},
        {
          findings: {
            objectives: parseObjectives({ row: 'r', objectives: [{ ...objective, ifRun }] }, 'test.json').findings,
            made: [],
          },
        },
      ),
    );
  assert.deepEqual([made(true).verdict, made(true).objectives.at(-1)!.state], ['PASS', 'not judged']);
  assert.deepEqual([made(false).verdict, made(false).objectives.at(-1)!.state], ['INVALID', 'too few']);
});

test('WaitingIsJudged: an objective about a time is judged from when the request was due, whatever sending says', () => {
  const tags = { phase: 'load', kind: 'chat' };
  const times = (metric: string, slow: number) =>
    row(metric, tags, [...Array<number>(900).fill(300), ...Array<number>(100).fill(slow)], [2000]);
  const { objectives: limits } = parseObjectives(
    {
      row: 'r',
      objectives: [{ name: 'response time p95', metric: 'llm_e2e', stat: 'p95', below: 2000, source: 'plan' }],
    },
    'test.json',
  );
  // A target that stood still: what it was sent came fast, what could not be sent to it waited.
  const judged = judge(
    trial({ rows: [times('llm_e2e', 918), times('llm_e2e_scheduled', 3064)] }, { objectives: limits }),
  );
  assert.equal(judged.verdict, 'FAIL');
  assert.deepEqual(
    judged.objectives.map(({ metric, state }) => [metric, state]),
    [['llm_e2e_scheduled', 'missed']],
  );
  assert.ok(Math.abs(judged.objectives[0]!.measured! / 3064 - 1) < 0.01);
});

test('findings of one id are judged each for itself, by what they are of', () => {
  const { findings } = parseObjectives(
    { row: 'r', objectives: [{ name: 'as fast', finding: 'ttft-difference', below: 50, source: 'test' }] },
    'test.json',
  );
  const of = (model: string, value: number): Finding => ({
    id: 'ttft-difference',
    of: model,
    value,
    unit: 'ms',
    text: model,
  });
  const judged = judge(trial({}, { findings: { objectives: findings, made: [of('b', 10), of('c', 80)] } }));
  assert.deepEqual(
    judged.objectives.slice(-2).map(({ name, state }) => [name, state]),
    [
      ['as fast: b', 'ok'],
      ['as fast: c', 'missed'],
    ],
  );
});

test('CpuVanished: an objective without METRICS_URLS is told as not judged, with what it takes', () => {
  const { findings } = parseObjectives(
    { row: 'r', objectives: [{ name: 'CPU use', finding: 'cpu-use', below: 0.7, ifRun: true, source: 'test' }] },
    'test.json',
  );
  const takes = new Map([['cpu-use', 'METRICS_URLS']]);
  const told = judge(trial({}, { findings: { objectives: findings, made: [], takes } })).objectives.at(-1)!;
  assert.deepEqual([told.state, told.reason], ['not judged', 'this run has no such finding: it takes METRICS_URLS']);
});
