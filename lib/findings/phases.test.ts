import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PhaseReport, Stats, TimelinePoint } from '../measurements';
import { breakingPoint, drift, errorShare, isBroken, timeToRecover } from './phases';

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
  assert.match(text, /10\.00 % errors in phase spike \(10 of 100\)/);
});

const before = phase('before', { ttft_scheduled: level(200) });
const recovery = phase('recovery', { start_s: 100, end_s: 130 });
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
  assert.match(recover({ phases: [before, recovery], timeline: [point(100, 'recovery', 900)] }).text, /not recovered/);
  assert.match(recover({ phases: [before, phase('recovery', { start_s: -1 })], timeline: [] }).text, /did not begin/);
  assert.match(
    recover({ phases: [phase('before'), recovery], timeline: [] }).text,
    /no time to first token to compare/,
  );
  assert.equal(recover({ phases: [before, recovery], timeline: [point(100, 'recovery', 201)] }).value, 0);
});

const limit = { errors: 0.1, p99: 15_000 };

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
    /broke in step-2 at 20\.0 requests\/s; what gave way: by outcome http_429 \(70 of 600\); by latency ttft \(p95 200 ms in step-1, 800 ms in step-2\)/,
  );
  assert.match(breakingPoint({ steps: ['step-1'], ...limit })({ phases, timeline: [] }).text, /did not break/);
});

test('drift compares the first tenth with the last', () => {
  const timeline = Array.from({ length: 20 }, (_, i) => point(i, 'load', 200 + i * 10));
  assert.ok(Math.abs(drift('load')({ phases: [], timeline }).value! - (385 / 205 - 1)) < 1e-9);
  assert.equal(drift('load')({ phases: [], timeline: timeline.slice(0, 5) }).value, null);
});
