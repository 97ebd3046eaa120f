import type { OutcomeRow } from 'k6/x/sse';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PhaseReport, Stats, TimelinePoint } from '../measurements';
import { whoFails } from './who-fails';
import { breakingPoint, errorShare, isBroken, stepsHeld, timeToRecover } from './phases';

const level = (p50: number, count = 20): Stats => ({
  count,
  min: p50,
  mean: p50,
  p50,
  p90: p50,
  p95: p50,
  p99: p50,
  p999: p50,
  max: p50,
});

function phase(name: string, given: Partial<PhaseReport> = {}): PhaseReport {
  return {
    phase: name,
    start_s: 0,
    end_s: 60,
    wanted_rate: 10,
    sent_rate: 10,
    due: 600,
    sent: 600,
    dropped: 0,
    waited: 0,
    max_in_flight: 5,
    ok: 600,
    failed: 0,
    outcomes: { ok: 600 },
    ...given,
  };
}

function point(t_s: number, name: string, ttft: number | null, failed = 0): TimelinePoint {
  const one = { t_s, seconds: 1, phase: name, started: 20, ok: 20 - failed, failed, in_flight: 3 };
  return ttft === null ? one : { ...one, ttft: level(ttft), ttft_scheduled: level(ttft) };
}

test('error share of a phase', () => {
  const { value, text } = errorShare('spike')({ phases: [phase('spike', { ok: 90, failed: 10 })], timeline: [] });
  assert.equal(value, 0.1);
  assert.match(text, /10\.00 % of the requests of phase spike failed \(10 of 100\)/);
});

const before = phase('before', { ttft_scheduled: level(200, 600) });
const recovery = phase('recovery', { start_s: 100, end_s: 130, ttft_scheduled: level(200, 600) });
const recover = timeToRecover('recovery', { within: 0.1, of: 'before' });

test('time to recover ends with the last window that was not back', () => {
  const slow = [900, 800, 210, 400, 215, 205].map((ttft, i) => point(100 + i, 'recovery', ttft));
  const { value, text } = recover({ phases: [before, recovery], timeline: slow });
  assert.equal(value, 4, 'a single good window in between is no recovery');
  assert.match(
    text,
    /recovered; after 4 s the target was within 10 % of the median time to first token in phase before \(200 ms\)/,
  );
});

test('a window in which everything failed is not recovered', () => {
  const { value } = recover({
    phases: [before, recovery],
    timeline: [point(100, 'recovery', 205), point(101, 'recovery', null, 20), point(102, 'recovery', 205)],
  });
  assert.equal(value, 2);
});

test('never back, never begun, never comparable: said in words, without a number', () => {
  const never = recover({ phases: [before, recovery], timeline: [point(100, 'recovery', 900)] });
  assert.match(never.text, /not recovered/);
  assert.ok(never.missed, 'the objective about it is missed, not unjudged');
  assert.match(recover({ phases: [before, phase('recovery', { start_s: -1 })], timeline: [] }).text, /did not begin/);
  assert.match(recover({ phases: [phase('before'), recovery], timeline: [] }).text, /no duration to compare with/);
  assert.equal(recover({ phases: [before, recovery], timeline: [point(100, 'recovery', 201)] }).value, 0);
});

test('RecoveryWasNotJudged: answers in time are no recovery while 30 of 36 requests fail', () => {
  const failing = [0, 1, 2].map((i) => point(100 + i, 'recovery', 205, 17));
  const found = recover({ phases: [before, phase('recovery', { ...recovery, ok: 6, failed: 30 })], timeline: failing });
  assert.deepEqual([found.value, found.missed], [null, true]);
  assert.match(found.text, /not recovered; .* at its end \d+ of \d+ requests failed/);
});

test('NotRecoveredFromNothing: a target that fails one request in nine all the time was told not to recover from the spike', () => {
  const failing = phase('before', { ttft_scheduled: level(200, 600), ok: 534, failed: 66 });
  const timeline = [3, 2, 1, 4].map((failed, i) => point(100 + i, 'recovery', 205, failed));
  const found = recover({ phases: [failing, recovery], timeline });
  assert.deepEqual([found.value, found.missed], [0, undefined]);
  assert.match(found.text, /and no more of its requests failed than there \(11 %\) from the beginning/);
  const worse = [9, 9, 9].map((failed, i) => point(100 + i, 'recovery', 205, failed));
  assert.ok(recover({ phases: [failing, recovery], timeline: worse }).missed, 'far more than before');
  assert.ok(recover({ phases: [before, recovery], timeline }).missed, 'none failed before');
});

test('NoVerdictByChance: a window of 16 whose median is off by its own chance is no relapse, one failure in it neither', () => {
  const uneven = { ...level(200, 600), p90: 328 }; // a standard deviation of 100 ms, so 31 ms for a median of 16
  const phases = [phase('before', { ttft_scheduled: uneven }), phase('recovery', { ...recovery, ok: 599, failed: 1 })];
  const { value } = recover({ phases, timeline: [point(100, 'recovery', 260), point(101, 'recovery', 230, 1)] });
  assert.equal(value, 0);
});

test('where few requests are streams, their whole duration is looked at', () => {
  const phases = [
    phase('before', { e2e_scheduled: level(900, 600) }),
    phase('recovery', { start_s: 100, e2e_scheduled: level(900, 600) }),
  ];
  const timeline = [2000, 905].map((e2e, i) => ({ ...point(100 + i, 'recovery', null), e2e_scheduled: level(e2e) }));
  const { value, text } = recover({ phases, timeline });
  assert.equal(value, 1);
  assert.match(text, /within 10 % of the median duration/);
});

const limit = { errors: 0.1, p99: 15_000 };

test('BrokeButInvalid: the steps that held are counted from as many requests as the breaking point takes', () => {
  const step = (ok: number, failed: number) => phase(`step-${ok}`, { ok, failed, wanted_rate: ok / 10 });
  const steps = (...rows: PhaseReport[]) =>
    stepsHeld({ steps: rows.map((row) => row.phase), ...limit })({ phases: rows, timeline: [] });
  assert.deepEqual(
    [steps(step(100, 0), step(60, 40)).value, steps(step(60, 40)).value, steps(step(100, 0)).value],
    [1, 0, 1],
  );
  const few = steps(step(20, 0));
  assert.equal(few.value, null);
  assert.match(few.text, /no step has the 64 requests/);
});

test('a step is broken by errors or by the slowest, with enough requests to say so', () => {
  assert.equal(isBroken({ ended: 100, failed: 11, p99: 100 }, limit), true);
  assert.equal(isBroken({ ended: 100, failed: 10, p99: 100 }, limit), false);
  assert.equal(isBroken({ ended: 100, failed: 0, p99: 15_001 }, limit), true);
  assert.equal(isBroken({ ended: 10, failed: 10, p99: 100 }, limit), false);
});

test('the breaking point names the step and what gave way first', () => {
  const phases = [
    phase('step-1', { ttft: level(200), e2e: level(1000) }),
    phase('step-2', {
      wanted_rate: 20,
      ttft: level(800),
      e2e: level(1500),
      ok: 500,
      failed: 100,
      outcomes: { ok: 500, http_429: 70, http_5xx: 30 },
    }),
    phase('step-3', { start_s: -1 }),
  ];
  const { value, text } = breakingPoint({ steps: ['step-1', 'step-2', 'step-3'], ...limit })({ phases, timeline: [] });
  assert.equal(value, 20);
  assert.match(
    text,
    /the target broke in step-2 at 20\.0 requests\/s; 70 of its 600 requests failed with http_429; of its times ttft grew most \(p95 200 ms in step-1, 800 ms in step-2\)/,
  );
  assert.match(breakingPoint({ steps: ['step-1'], ...limit })({ phases, timeline: [] }).text, /did not break/);
});

test('RecoveredAtOnceOnSix: a recovery that few requests show says what they would not have shown, and six say nothing', () => {
  const wide = { ...level(200, 600), p90: 420 };
  const ask = (count: number) =>
    recover({
      phases: [
        phase('before', { ttft_scheduled: wide }),
        phase('recovery', { ...recovery, ttft_scheduled: level(205, 600), ok: count }),
      ],
      timeline: [{ ...point(100, 'recovery', 205), ok: count, ttft_scheduled: level(205, count) }],
    });
  assert.match(
    ask(20).text,
    /from the beginning\. The 20 requests that show this are few: a median below 3\d\d ms would not/,
  );
  assert.match(ask(6).text, /too few requests to say whether the target recovered: 6, and 16 are needed/);
  assert.equal(ask(6).value, null);
});

const counted = (tags: Record<string, string>, outcome: OutcomeRow['outcome'], count: number) => ({
  tags,
  outcome,
  count,
});
const embeddings = { kind: 'embedding', model: 'cohere', size: 'single' };
const chatting = { kind: 'chat', model: 'haiku', size: 'short' };

test('WhichOnesFail: "http_5xx 35" is 100 % of the embeddings, and is told as that', () => {
  const [found] = whoFails([counted(embeddings, 'http_5xx', 35), counted(chatting, 'ok', 315)]);
  assert.equal(found!.text, '35 of the 35 requests of kind embedding failed with http_5xx, and 0 of the 315 others');
});

test('a model, or an agency, that alone fails is named where all kinds are alike', () => {
  const rows = [
    counted({ kind: 'chat', model: 'a', agency: '1' }, 'ok', 100),
    counted({ kind: 'chat', model: 'a', agency: '2' }, 'http_429', 40),
    counted({ kind: 'chat', model: 'b', agency: '1' }, 'ok', 100),
    counted({ kind: 'chat', model: 'b', agency: '2' }, 'http_429', 60),
  ];
  assert.match(whoFails(rows)[0]!.text, /^100 of the 100 requests of agency 2 failed with http_429, and 0 of the 200/);
});

test('failures that fall on all alike are laid to nobody', () => {
  const rows = [embeddings, chatting].flatMap((tags) => [counted(tags, 'ok', 90), counted(tags, 'http_5xx', 10)]);
  assert.deepEqual(whoFails(rows), []);
  assert.deepEqual(whoFails([counted(embeddings, 'http_5xx', 2), counted(chatting, 'ok', 100)]), []);
});

test('a few failures among many, which the rest may have missed by chance, are laid to nobody', () => {
  const rows = [counted(chatting, 'http_5xx', 11), counted(chatting, 'ok', 208), counted(embeddings, 'ok', 61)];
  assert.deepEqual(whoFails(rows), []);
});
