import assert from 'node:assert/strict';
import { test } from 'node:test';
import { samplesNeeded, wilson } from './intervals';

test('a percentile needs its minimum of samples: p90 64, p95 132, p99 662, p99.9 6636', () => {
  assert.deepEqual([0.9, 0.95, 0.99, 0.999].map(samplesNeeded), [64, 132, 662, 6636]);
  assert.equal(samplesNeeded(0.5), 11);
});

test("Wilson's interval, against worked values (Newcombe 1998, method 3)", () => {
  const near = (got: [number, number], want: [number, number]) =>
    assert.ok(Math.abs(got[0] - want[0]) < 5e-5 && Math.abs(got[1] - want[1]) < 5e-5, `${got} is not ${want}`);
  near(wilson(81, 263), [0.2553, 0.3662]);
  near(wilson(15, 148), [0.0624, 0.1605]);
  near(wilson(0, 20), [0, 0.1611]);
  assert.deepEqual(wilson(0, 0), [0, 1]);
});
