import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Attempt } from '../../truth';
import { busiest, distribution, effectOf, type Seen } from './effects';

const eu = 'openai/eu/m';
const us = 'openai/us/m';

function call(deployment: string, received: number, change: Partial<Attempt> = {}): Attempt {
  return {
    deployment,
    received,
    ttft: 60,
    end: received + 100,
    ok: true,
    fault: null,
    chunks: 10,
    promptTokens: 20,
    outputTokens: 30,
    billed: true,
    ...change,
  };
}
const failed = (received: number, change: Partial<Attempt> = {}) =>
  call(eu, received, { ok: false, fault: '503', ttft: -1, chunks: 0, outputTokens: 0, billed: false, ...change });

function seen(sent: number, calls: Attempt[], change: Partial<Seen> = {}): Seen {
  return {
    id: String(sent),
    index: sent,
    phase: '503',
    model: 'm',
    sent,
    ttft: 61,
    e2e: 140,
    end: 141,
    outcome: 'ok',
    status: 200,
    chunks: 10,
    words: 30,
    gap: 8,
    gapMax: 9,
    calls,
    ...change,
  };
}
/** Twenty requests a second. */
const every = (from: number, n: number, one: (sent: number, i: number) => Seen) =>
  Array.from({ length: n }, (_, i) => one(from + 50 * i, i));
const well = (sent: number) => seen(sent, [call(eu, sent)]);
const other = (sent: number) => seen(sent, [call(us, sent)]);

test('a breaker: three requests meet the fault, a probe now and then, and back after the next probe', () => {
  const switched = (sent: number) => seen(sent, [failed(sent), call(us, sent + 5)], { ttft: 66 });
  const during = every(0, 60, (sent, i) => (i < 3 || i % 12 === 0 ? switched(sent) : other(sent)));
  const after = every(3000, 30, (sent, i) => (i < 4 ? other(sent) : well(sent)));
  const f = effectOf('503', during, after, eu, 1);
  assert.deepEqual(
    [f.affected, f.answered, f.lost, f.broken, f.detect, f.switch, f.failBack, f.callsMax],
    [7, 7, 0, 0, 150, 6, 200, 2],
  );
  assert.equal(f.surplus, 6);
  assert.ok(f.peak / f.steady < 2);
});

test('NeverFailedBackFromALine: requests that wait in a line until their clients leave say nothing of where traffic goes', () => {
  const inLine = (sent: number) => seen(sent, [], { outcome: 'timeout_first', status: 0, chunks: 0, ttft: -1 });
  const met = (sent: number) => seen(sent, [failed(sent), call(us, sent + 5)]);
  const stuck = effectOf(
    '503',
    every(0, 60, (sent, i) => (i < 3 ? met(sent) : inLine(sent))),
    every(3000, 30, inLine),
    eu,
    1,
  );
  assert.deepEqual([stuck.detect, stuck.failBack, stuck.askedDuring, stuck.askedAfter], [null, null, 3, 0]);
  const refused = (sent: number) => seen(sent, [], { outcome: 'http_5xx', status: 503, chunks: 0, ttft: -1 });
  const open = effectOf(
    '503',
    every(0, 60, (sent, i) => (i < 3 ? met(sent) : refused(sent))),
    every(3000, 30, refused),
    eu,
    1,
  );
  assert.deepEqual([open.detect, open.failBack, open.askedAfter], [150, null, 30], 'an open breaker asks nobody');
});

test('no failover: lost, not detected, not switched', () => {
  const f = effectOf(
    '503',
    every(0, 60, (sent) => seen(sent, [failed(sent)], { outcome: 'empty', ttft: -1, chunks: 0 })),
    every(3000, 30, well),
    eu,
    1,
  );
  assert.deepEqual([f.affected, f.answered, f.lost, f.detect, f.switch, f.failBack], [60, 0, 60, null, null, null]);
});

test('no breaker: each is answered late, and none is counted as detected', () => {
  const during = every(0, 60, (sent) => seen(sent, [failed(sent), call(us, sent + 800)], { ttft: 861 }));
  const f = effectOf('hang_before', during, every(3000, 30, well), eu, 1);
  assert.deepEqual([f.answered, f.detect, f.switch, f.surplus], [60, null, 801, 801]);
});

test('NeverFailedBackIsNotAtOnce: a fallback in use to the end of the recovery', () => {
  const during = every(0, 60, (sent, i) => (i < 3 ? seen(sent, [failed(sent), call(us, sent + 5)]) : other(sent)));
  assert.equal(effectOf('503', during, every(3000, 30, other), eu, 1).failBack, null);
});

test('output twice, and what is billed twice', () => {
  const cut = call(eu, 0, { ok: false, fault: 'cut', chunks: 3, outputTokens: 7 });
  const f = effectOf(
    'cut',
    every(0, 20, (sent, i) => (i === 0 ? seen(sent, [cut, call(us, sent + 90)], { words: 37 }) : other(sent))),
    [],
    eu,
    1,
  );
  assert.deepEqual([f.duplicated, f.duplicatedTokens, f.twicePrompt, f.twiceOutput], [1, 7, 20, 7]);
  const clean = effectOf(
    'cut',
    every(0, 20, (sent, i) => (i === 0 ? seen(sent, [cut, call(us, sent + 90)], { words: 30 }) : other(sent))),
    [],
    eu,
    1,
  );
  assert.equal(clean.duplicated, 0, 'a gateway that held the beginning back gives it once');
});

test('a herd: all that waited arrive at once', () => {
  const during = every(0, 60, (sent, i) => (i < 20 ? seen(sent, [failed(sent), call(us, 1000 + i)]) : other(sent)));
  const f = effectOf('hang_before', during, [], eu, 1);
  assert.ok(f.peak >= 20 && f.peak / f.steady > 4, `${f.peak} of ${f.steady}`);
});

test('two deployments of equal weight: half the traffic leaves, and half comes back', () => {
  const half = (sent: number, i: number) => (i % 2 === 0 ? well(sent) : other(sent));
  const before = every(0, 40, half);
  assert.deepEqual(
    [...distribution(before)].map(([name, part]) => [name, part.toFixed(2)]),
    [
      [eu, '0.50'],
      [us, '0.50'],
    ],
  );
  const during = every(2000, 60, (sent, i) =>
    i < 6 && i % 2 === 0 ? seen(sent, [failed(sent), call(us, sent + 5)]) : other(sent),
  );
  const f = effectOf('503', during, every(5000, 30, half), eu, 0.5);
  assert.equal(f.affected, 3);
  assert.ok(f.detect !== null && f.detect <= 250, `${f.detect}`);
  assert.equal(f.failBack, 0);
});

test('the busiest window', () => {
  assert.equal(busiest([0, 10, 20, 200, 210], 100), 3);
  assert.equal(busiest([], 100), 0);
});
