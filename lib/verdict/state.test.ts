import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timedRow } from '../measurements/snapshot.fixture';
import { objectives, trial } from './trial.fixture';
import type { Ran } from './length';
import { sidesOf, stateOf } from './state';
import { judge } from './verdict';

/** A run of 300 requests within three seconds: too short to see how its values depend on each other. */
const short = (slow: number) => {
  const values = Array.from({ length: 300 }, (_, i) => (i % 300 < slow ? 600 : 100));
  const at = values.map((_, i) => i * 10);
  return judge(
    trial(
      {
        rows: [timedRow('llm_ttft_scheduled', { phase: 'load', kind: 'chat' }, values, at, [500])],
        outcomes: [{ tags: { phase: 'load', kind: 'chat' }, outcome: 'ok', count: 300 }],
      },
      { objectives: [objectives[0]!] },
    ),
  ).objectives[0]!;
};

test('NoIntervalButTheLimitInIt: where a run is too short for an interval, no sentence says what lies inside it', () => {
  const [well, over] = [short(10), short(20)];
  for (const { interval, reason } of [well, over]) {
    assert.equal(interval, null);
    assert.doesNotMatch(reason, /inside the interval/);
  }
  assert.equal(well.state, 'ok');
  assert.match(well.reason, /^ok, but this run is too short for an interval; /);
  assert.equal(over.state, 'too close');
  assert.match(over.reason, /^beyond the limit, and this run is too short for an interval: chance may be why; /);
});

test('SoNearAtSixTimesTheLimit: without an interval nothing is near a limit, and a length to try is told', () => {
  // smoke against a queue that grew as long as the run lasted: the interval's low end is not known.
  const limits = { below: 500 };
  const sides = sidesOf(2929, [-Infinity, Infinity], limits);
  const phase = { phase: 'load', start: 0, end: 6000, due: 360, dispatched: 360 };
  const ran = { elapsed: 6000, phases: [phase] } as unknown as Ran;
  const { state, reason } = stateOf(2929, sides, { n: 184, needs: 11, open: true }, limits, ran);
  assert.equal(state, 'too close');
  assert.equal(
    reason,
    'beyond the limit, and this run is too short for an interval: chance may be why; a longer run has an interval: try DURATION=24s',
  );
});
