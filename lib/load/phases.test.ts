import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrivals, mostHeld, phases, scaled, schedule, totalSeconds } from './phases';
import { contradiction, usersOf, vusNeeded, workers } from './little';

const spike = phases({
  before: { rate: 10, for: '2m' },
  spike: { rate: 500, in: '10s', for: '5m' },
  recovery: { rate: 10, for: '15m' },
});
const asPlanned = { scale: 1, timeScale: 1, rate: undefined, duration: undefined };

test('phases become segments: a climb is a straight line from the phase before', () => {
  assert.deepEqual(schedule(spike, 'constant', 1).segments, [
    { phase: 'before', from: 10, to: 10, seconds: 120 },
    { phase: 'spike', from: 10, to: 500, seconds: 10 },
    { phase: 'spike', from: 500, to: 500, seconds: 300 },
    { phase: 'recovery', from: 10, to: 10, seconds: 900 },
  ]);
  assert.equal(arrivals(spike), 10 * 120 + 255 * 10 + 500 * 300 + 10 * 900);
});

test('SCALE and TIME_SCALE shrink, RATE and DURATION set; proportions stay', () => {
  const small = scaled(spike, { ...asPlanned, scale: 0.1, timeScale: 0.5 });
  assert.equal(small[1]?.rate, 50);
  assert.equal(small[1]?.climbSeconds, 5);
  const set = scaled(spike, { ...asPlanned, rate: 100, duration: 133 });
  assert.equal(set[1]?.rate, 100);
  assert.equal(set[0]?.rate, 2);
  assert.ok(Math.abs(totalSeconds(set) - 133) < 1e-9);
});

test('NoEmptyLoad: parameters that leave no request are refused', () => {
  assert.throws(() => scaled(spike, { ...asPlanned, rate: 0.001, duration: 1 }), /less than one request/);
});

test("Little's law sizes the VUs", () => {
  assert.equal(vusNeeded(50, 2), 100 + 40 + 4);
  assert.ok(vusNeeded(0.1, 1) >= 4);
});

test("the plan's users and rate are compared with each other", () => {
  const baseline = phases({ load: { rate: 50, for: '30m', users: 100 } });
  assert.equal(contradiction(baseline, 2), '');
  assert.match(contradiction(baseline, 1), /100 users and 50 requests\/s, and the two contradict.*need 50 users/);
  assert.match(contradiction(baseline, 10), /need 500 users/);
});

test('phases that hold a number in flight stand beside those of a rate: SCALE changes both, RATE cannot replace the number', () => {
  const ladder = phases({ before: { rate: 10, for: '10s' }, held: { inFlight: 64, for: '10s' } });
  assert.deepEqual(schedule(ladder, 'constant', 1), {
    arrivals: 'constant',
    seed: 1,
    burst: undefined,
    segments: [
      { phase: 'before', from: 10, to: 10, seconds: 10 },
      { phase: 'held', from: 0, to: 0, seconds: 10 },
    ],
    inFlight: { held: 64 },
  });
  assert.equal(schedule(ladder, 'closed', 1).inFlight, undefined);
  assert.equal(mostHeld(scaled(ladder, { ...asPlanned, scale: 0.5 })), 32);
  assert.equal(mostHeld(scaled(ladder, { ...asPlanned, scale: 0.001 })), 1);
  // RATE=1 was taken, and 2,000 streams were held all the same.
  assert.throws(() => scaled(ladder, { ...asPlanned, rate: 1 }), /RATE cannot be used.*up to 64 requests in flight/);
  const held = phases({ held: { inFlight: 64, for: '10s' } });
  assert.throws(() => scaled(held, { ...asPlanned, rate: 20 }), /RATE cannot be used.*up to 64 requests in flight/);
  assert.equal(mostHeld(scaled(held, asPlanned)), 64);
});

test('every user is played by one VU, and 10,000 users do not make 200 worlds of JavaScript', () => {
  for (const users of [1, 7, 8, 399, 400, 500, 3200, 3201, 11_000]) {
    const vus = workers(users);
    const played = Array.from({ length: vus }, (_, i) => usersOf(i + 1, users));
    assert.equal(
      played.reduce((sum, each) => sum + each, 0),
      users,
    );
    assert.ok(Math.max(...played) - Math.min(...played) <= 1, String(users));
  }
  assert.deepEqual([5, 100, 500, 11_000, 100_000].map(workers), [5, 8, 10, 64, 400]);
});
