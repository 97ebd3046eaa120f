import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseObjectives } from '../objectives';
import type { Finding } from '../measurements';
import { phaseRow, row, soundSnapshot } from '../measurements/snapshot.fixture';
import { judge, type Trial } from './verdict';

const { objectives } = parseObjectives(
  {
    row: 'test',
    objectives: [
      { name: 'TTFT p95', metric: 'llm_ttft', stat: 'p95', below: 500, source: 'test' },
      { name: 'success', metric: 'llm_stream_error', stat: 'share', atMost: 0.01, source: 'test' },
    ],
  },
  'test.json',
);

function trial(given: Parameters<typeof soundSnapshot>[0] = {}, rest: Partial<Trial> = {}): Trial {
  return {
    objectives,
    snapshot: soundSnapshot(given),
    refused: '',
    vus: 100,
    allowedSeconds: 2,
    mayBreak: false,
    ...rest,
  };
}

/** Rows of a run of `n` requests: TTFTs, and how many of them failed. */
function rows(ttfts: readonly number[], failed: number) {
  const tags = { phase: 'load', kind: 'chat' };
  const errors = [...ttfts.map(() => 0), ...Array<number>(failed).fill(1)];
  return [row('llm_ttft', tags, ttfts, [500]), row('llm_stream_error', tags, errors)];
}

test('PASS: every objective met, with evidence, by an instrument in order', () => {
  const judged = judge(trial());
  assert.equal(judged.verdict, 'PASS');
  assert.deepEqual(judged.reasons, []);
  assert.deepEqual(
    judged.objectives.map((o) => o.ok),
    [true, true],
  );
});

test('FAIL: an objective missed', () => {
  const judged = judge(trial({ rows: rows(Array<number>(1000).fill(600), 0) }));
  assert.equal(judged.verdict, 'FAIL');
  assert.match(judged.reasons[0]!.text, /TTFT p95: measured 600.*wanted < 500 \(n=1000\)/);
});

test('the limit itself is judged by exact counts, not by the histogram', () => {
  const at = (slow: number) =>
    judge(trial({ rows: rows([...Array<number>(1000 - slow).fill(499.9), ...Array<number>(slow).fill(500)], 0) }))
      .verdict;
  assert.equal(at(50), 'PASS', '95 % under 500 ms is p95 < 500 ms');
  assert.equal(at(51), 'FAIL');
});

test('a target that answers 500 to everything has no TTFT and FAILs', () => {
  const judged = judge(
    trial({
      rows: [row('llm_stream_error', { phase: 'load', kind: 'chat' }, Array<number>(1000).fill(1))],
      outcomes: [{ tags: { phase: 'load', kind: 'chat' }, outcome: 'http_5xx', count: 1000 }],
      finished: 0,
      failed: 1000,
    }),
  );
  assert.equal(judged.verdict, 'FAIL');
  assert.ok(
    judged.reasons.some((reason) => reason.about === 'evidence'),
    'the missing TTFT is told too',
  );
});

test('NoGreenWithoutEvidence: too few samples are INVALID where nothing else failed', () => {
  const judged = judge(trial({ rows: rows(Array<number>(131).fill(200), 0) }));
  assert.equal(judged.verdict, 'INVALID');
  assert.match(judged.reasons[0]!.text, /131 samples, 132 are needed/);
});

test('few samples suffice where the miss is beyond doubt', () => {
  assert.equal(judge(trial({ rows: rows(Array<number>(20).fill(900), 0) })).verdict, 'FAIL');
});

const doubts: [string, Parameters<typeof trial>, RegExp][] = [
  ['the preflight refused the target', [{}, { refused: 'the target x refused the key with 401' }], /refused the key/],
  ['a signal stopped the run', [{ signal: 'SIGINT' }], /stopped by SIGINT/],
  ['the script threw', [{ scriptErrors: 1, firstScriptErrors: ['TypeError: x'] }], /threw 1 time; first: TypeError: x/],
  [
    'nothing was started',
    [{ started: 0, finished: 0, rows: [], outcomes: [], phases: [phaseRow('load', { due: 0, handed: 0 })] }],
    /no request was started/,
  ],
  ['requests are unaccounted for', [{ finished: 998, lost: 2 }], /2 requests unaccounted for/],
  ['a value was not finite', [{ refusedValues: 1 }], /not finite/],
  ["the test's end cut off streams", [{ finished: 980, interrupted: 20 }], /cut off 20 of 1000/],
  [
    'the generator woke late',
    [{ instrument: { wake: row('', {}, [80, 90]).histogram } }],
    /p99 of its own lateness is (89|90) ms/,
  ],
  [
    'reads coalesced because they came late',
    [{ instrument: { contentEvents: 1000, lateShared: 20 } }],
    /read late: 2\.0 % of the events/,
  ],
  ['the generator was out of CPU', [{ instrument: { cpuSeconds: 115 } }], /used 96 % of this machine's CPU/],
  [
    'load was dropped although VUs were free',
    [{ phases: [phaseRow('load', { handed: 900, dropped: 100, maxInFlight: 20 })] }],
    /although VUs were free \(20 of 100 in flight\)/,
  ],
  [
    'load was dropped although the target was in time',
    [{ phases: [phaseRow('load', { due: 6000, handed: 5000, dropped: 1000, maxInFlight: 100 })] }],
    /all 100 VUs were busy although the target was in time; raise VUS/,
  ],
  [
    'an objective is about a tag that no request carried',
    [{}, { objectives: [{ ...objectives[0]!, tags: { phase: 'spik' } }] }],
    /no request carried phase=spik/,
  ],
];

for (const [name, given, reason] of doubts) {
  test(`INVALID: ${name}`, () => {
    const judged = judge(trial(...given));
    assert.equal(judged.verdict, 'INVALID');
    assert.match(judged.reasons.map((each) => each.text).join('\n'), reason);
  });
}

test('doubt about the instrument beats a missed objective', () => {
  assert.equal(judge(trial({ rows: rows(Array<number>(1000).fill(600), 0), scriptErrors: 1 })).verdict, 'INVALID');
});

test('load that the target held back is its failure: "wanted 50/s, it sustained 41/s"', () => {
  const judged = judge(
    trial({ phases: [phaseRow('load', { due: 3000, handed: 2460, dropped: 540, maxInFlight: 100 })] }),
  );
  assert.equal(judged.verdict, 'FAIL');
  assert.match(
    judged.reasons[0]!.text,
    /50\.0 requests\/s were wanted, 41\.0\/s could be sent.*held each request 2\.4 s/,
  );
});

test('a script that looks for the breaking point is not failed for finding it', () => {
  assert.equal(
    judge(
      trial(
        { phases: [phaseRow('load', { due: 3000, handed: 2460, dropped: 540, maxInFlight: 100 })] },
        { mayBreak: true },
      ),
    ).verdict,
    'PASS',
  );
});

test('an objective about a model family that was not asked for is left out', () => {
  const judged = judge(
    trial(
      {},
      { objectives: [...objectives, { ...objectives[0]!, name: 'llama', tags: { family: 'llama' }, ifRun: true }] },
    ),
  );
  assert.equal(judged.verdict, 'PASS');
  assert.equal(judged.objectives.length, 2);
});

const made = { name: 'time to switch', unit: 'ms', text: 'the fallback answered after a while' };
const switching: [string, Partial<Finding>, string, RegExp | undefined][] = [
  ['met', { value: 300 }, 'PASS', undefined],
  ['missed', { value: 800 }, 'FAIL', /target: switch: measured 800, wanted < 500: the fallback answered/],
  [
    'missed, with an interval that holds the limit',
    { value: 800, interval: [400, 1200] },
    'INVALID',
    /evidence: switch: the interval 400 \.\. 1\.20e\+3 holds the limit/,
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
      { row: 'r', objectives: [{ name: 'switch', finding: 'time to switch', below: 500, source: 'test' }] },
      'test.json',
    );
    const judged = judge(
      trial({}, { findings: { objectives: findings, made: [{ value: null, ...made, ...change }] } }),
    );
    assert.equal(judged.verdict, verdict);
    if (reason) assert.match(judged.reasons.map((each) => `${each.about}: ${each.text}`).join(), reason);
  });
}

test('an objective about a finding that the script does not make says so', () => {
  const { findings } = parseObjectives(
    { row: 'r', objectives: [{ name: 'switch', finding: 'nothing', below: 500, source: 'test' }] },
    'test.json',
  );
  assert.match(
    judge(trial({}, { findings: { objectives: findings, made: [] } })).reasons[0]!.text,
    /the script makes no finding "nothing"/,
  );
});
