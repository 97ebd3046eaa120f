import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Slot } from 'k6/x/sse';
import { phases } from '../load';
import { random } from '../statistics';
import { histogramOf } from '../statistics/histogram.fixture';
import { unsteady } from './stationarity';

const load = phases({ load: { rate: 20, for: '120s' } });

/** 120 slots of a second with 20 requests each: a normal spread around a level that depends on the time. */
function slots(
  level: (second: number) => number,
  { seed = 1, each = (_: number): number => 20, metric = 'llm_ttft' } = {},
): Slot[] {
  const { next } = random(seed, 0);
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Array.from({ length: 120 }, (_, slot) => {
    const n = each(slot);
    const values = Array.from({ length: n }, () => level(slot) * Math.exp(0.2 * normal()));
    return {
      slot,
      phase: 'load',
      started: n,
      outcomes: { ok: n },
      inFlight: 5,
      metrics: { [metric]: histogramOf(values) },
    };
  });
}

test('a steady phase is not told, however its requests vary: at most one of a hundred by chance', () => {
  const told = Array.from(
    { length: 100 },
    (_, seed) =>
      unsteady(
        slots(() => 200, { seed }),
        1,
        load,
        false,
      ).length,
  );
  assert.ok(told.reduce((sum, n) => sum + n, 0) <= 1, told.join(' '));
});

test('a level that steps up within the phase is told, with the percentile of each part and what the whole mixes', () => {
  const [sentence, ...more] = unsteady(
    slots((second) => (second < 60 ? 200 : 320)),
    1,
    load,
    false,
  );
  assert.deepEqual(more, []);
  const [, from, at, to, whole, before, after] =
    /^phase load was not steady: the median time to first token was (\d+) ms until (\d+) s after the start and (\d+) ms from then on\. Its 95th percentile is (\d+) ms over the whole phase, (\d+) ms before that and (\d+) ms after it/
      .exec(sentence!)!
      .map(Number);
  assert.ok(Math.abs(from! / 200 - 1) < 0.03 && Math.abs(to! / 320 - 1) < 0.03, sentence);
  assert.ok(at! >= 55 && at! <= 65, sentence);
  assert.ok(before! < whole! && whole! < after!, sentence);
});

test('a drift without a step is told too, of the response time where nothing is streamed', () => {
  const drifting = slots((second) => 100 + second, { metric: 'llm_e2e' });
  assert.match(unsteady(drifting, 1, load, false)[0]!, /the median response time was 1\d\d ms until \d+ s/);
});

test('a change of a few per cent is beyond chance and not worth telling', () =>
  assert.deepEqual(
    unsteady(
      slots((second) => (second < 60 ? 200 : 212)),
      1,
      load,
      false,
    ),
    [],
  ));

test('the climb to the rate belongs to no level, and a phase of a few slots has none', () => {
  const climbing = phases({ load: { rate: 20, in: '60s', for: '60s' } });
  assert.deepEqual(
    unsteady(
      slots((second) => (second < 60 ? 50 : 200)),
      1,
      climbing,
      false,
    ),
    [],
  );
  assert.deepEqual(unsteady(slots((second) => (second < 5 ? 50 : 200)).slice(0, 10), 1, load, false), []);
});

test('users without pause: the rate of the answers is the target’s, and told where it changes; the plan’s own rate is not', () => {
  const slower = slots(() => 200, { each: (second) => (second < 80 ? 20 : 10) });
  assert.match(
    unsteady(slower, 1, load, true)[0]!,
    /^phase load was not steady: 20 requests\/s ended until (7\d|8\d) s after the start and 10\/s from then on/,
  );
  assert.deepEqual(unsteady(slower, 1, load, false), []);
});
