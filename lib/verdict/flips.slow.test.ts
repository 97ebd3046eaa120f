import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseObjectives } from '../objectives';
import smoke from '../../thresholds/smoke.json';
import spike from '../../thresholds/spike.json';
import { random, type Random } from '../statistics';
import { queue, quantileOfQueue } from '../statistics/queue.fixture';
import { phaseRow, row, soundSnapshot, timedRow } from '../measurements/snapshot.fixture';
import { judge, type Verdict } from './verdict';

/*
 * How often a verdict would flip: 200 runs of `smoke` against a gateway whose truth is known, from one seed.
 */

const objectives = parseObjectives(smoke, 'thresholds/smoke.json').objectives;
const p95 = { ...objectives[1]!, name: 'TTFT p95', stat: 'p95' as const };

/** Standard normal, by Box and Muller's transform. */
const normal = (draws: Random) => Math.sqrt(-2 * Math.log(1 - draws.next())) * Math.cos(2 * Math.PI * draws.next());

/** Verdicts of 200 runs of `n` requests of which `failing` fail, and whose TTFT has its 95th percentile at `slow` ms. */
function verdicts(n: number, failing: number, slow: number): Record<Verdict, number> {
  const counts = { PASS: 0, FAIL: 0, INVALID: 0 };
  for (let run = 0; run < 200; run++) {
    const draws = random(14, run);
    const failed = Array.from({ length: n }, () => (draws.next() < failing ? 1 : 0));
    const ttft = failed.filter((each) => each === 0).map(() => slow * Math.exp(0.3 * (normal(draws) - 1.6448536)));
    const tags = { phase: 'load', kind: 'chat' };
    const snapshot = soundSnapshot({
      started: n,
      finished: ttft.length,
      failed: n - ttft.length,
      rows: [row('llm_stream_error', tags, failed), row('llm_ttft_scheduled', tags, ttft, [500])],
      outcomes: [{ tags, outcome: 'ok', count: n }],
      phases: [phaseRow('load', { due: n, dispatched: n, end: 200 * n })],
    });
    const trial = { snapshot, refused: '', vus: 100, allowedSeconds: 2, mayBreak: false };
    counts[judge({ ...trial, objectives: [...objectives, p95] }).verdict]++;
  }
  return counts;
}

test('FlippingVerdicts: 4 % failing where 5 % may, p95 2 % under its limit: at most 2 of 200 runs FAIL', () => {
  // At smoke's own length, and at ten times that.
  for (const n of [150, 1500]) {
    const { FAIL, PASS } = verdicts(n, 0.04, 490);
    assert.ok(FAIL <= 2, `${FAIL} of 200 runs of ${n} requests FAIL`);
    assert.ok(PASS >= 80, `only ${PASS} of 200 PASS`);
  }
});

test('6 % failing where 5 % may, and requests enough to show it: at least 95 % of 200 runs FAIL, none PASSes', () => {
  const { FAIL, PASS } = verdicts(8000, 0.06, 400);
  assert.ok(FAIL >= 190, `${FAIL} of 200 FAIL`);
  assert.equal(PASS, 0);
});

test('p95 2 % over its limit, and requests enough: at least 95 % of 200 runs FAIL', () => {
  const { FAIL } = verdicts(16_000, 0.01, 510);
  assert.ok(FAIL >= 190, `${FAIL} of 200 FAIL`);
});

test('BusyMinutes: behind a queue at 90 % load values depend on each other, and a p95 2 % under its limit does not FAIL by that', () => {
  const service = 30;
  const limit = quantileOfQueue({ load: 0.9, service }, 0.95) / 0.98;
  const counts = { timed: 0, independent: 0 };
  for (let seed = 0; seed < 200; seed++) {
    const { at, took } = queue({ load: 0.9, service, seconds: 120, seed });
    const tags = { phase: 'load', kind: 'chat' };
    const fails = (rowOf: () => ReturnType<typeof row>) => {
      const snapshot = soundSnapshot({
        rows: [rowOf()],
        outcomes: [{ tags, outcome: 'ok', count: took.length }],
        phases: [phaseRow('load', { end: 120_000 })],
      });
      const judged = judge({
        snapshot,
        refused: '',
        vus: 100,
        allowedSeconds: 2,
        mayBreak: false,
        objectives: [{ ...p95, below: limit }],
      });
      return judged.verdict === 'FAIL' ? 1 : 0;
    };
    counts.timed += fails(() => timedRow('llm_ttft_scheduled', tags, took, at, [limit]));
    counts.independent += fails(() => row('llm_ttft_scheduled', tags, took, [limit]));
  }
  assert.ok(counts.timed <= 10, `${counts.timed} of 200 FAIL`);
  assert.ok(counts.independent > 40, 'taken as independent they do: the test can fail');
});

const errorsInSpike = parseObjectives(spike, 'thresholds/spike.json').objectives[0]!;

/** The verdict about a spike of 10 s at 80 requests/s, whose requests fail as `fails` says at each moment, ms. */
function spikeVerdict(fails: (at: number) => boolean, whole?: boolean): Verdict {
  const at = Array.from({ length: 800 }, (_, i) => 12.5 * i);
  const failed = at.map((moment) => (fails(moment) ? 1 : 0));
  const tags = { phase: 'spike', kind: 'chat' };
  const snapshot = soundSnapshot({
    started: 800,
    finished: failed.filter((each) => each === 0).length,
    failed: failed.filter((each) => each === 1).length,
    rows: [timedRow('llm_stream_error', tags, failed, at)],
    outcomes: [{ tags, outcome: 'ok', count: 800 }],
    phases: [phaseRow('spike', { end: 10_000 })],
  });
  const objective = { ...errorsInSpike, ...(whole === undefined ? {} : { whole }) };
  const trial = { snapshot, refused: '', vus: 100, allowedSeconds: 2, mayBreak: false };
  return judge({ ...trial, objectives: [objective] }).verdict;
}

test('AllFailedFromOneSecondOn: a spike of 10 s of which 40 % failed, all from one second on, is a FAIL', () => {
  assert.equal(
    spikeVerdict((at) => at >= 6000),
    'FAIL',
  );
  assert.equal(
    spikeVerdict((at) => at >= 6000, false),
    'INVALID',
    'as a sample of other times it would say nothing: the test can fail',
  );
});

test('a phase that is judged as a whole flips no verdict: 4 % failing by chance is no FAIL in 198 of 200 spikes, 8 % is one in 190', () => {
  const verdictsAt = (share: number) =>
    Array.from({ length: 200 }, (_, run) => {
      const draws = random(41, run);
      return spikeVerdict(() => draws.next() < share);
    }).filter((verdict) => verdict === 'FAIL').length;
  assert.ok(verdictsAt(0.04) <= 2, `${verdictsAt(0.04)} of 200 FAIL`);
  assert.ok(verdictsAt(0.08) >= 190, `${verdictsAt(0.08)} of 200 FAIL`);
});
