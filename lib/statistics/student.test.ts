import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalQuantile, reach, studentQuantile } from './student';

const near = (got: number, want: number, digits = 5) =>
  assert.ok(Math.abs(got - want) <= 10 ** -digits * Math.max(1, Math.abs(want)), `${got} is not ${want}`);

test('normal quantiles, in the middle and in both tails (AS 241, its own check values)', () => {
  near(normalQuantile(0.25), -0.6744897501960817, 12);
  near(normalQuantile(0.001), -3.090232306167814, 12);
  near(normalQuantile(1e-20), -9.262340089798409, 12);
  near(normalQuantile(0.975), 1.959963984540054, 12);
  assert.equal(normalQuantile(0), -Infinity);
  assert.equal(normalQuantile(1), Infinity);
});

test("Student's t, against the printed tables", () => {
  for (const [freedom, p975, p9995] of [
    [1, 12.7062, 636.6192],
    [2, 4.302653, 31.59905],
    [3, 3.182446, 12.92398],
    [4, 2.776445, 8.610302],
    [8, 2.306004, 5.041305],
    [12, 2.178813, 4.317791],
    [30, 2.042272, 3.645959],
  ] as const) {
    near(studentQuantile(0.975, freedom), p975);
    near(studentQuantile(0.9995, freedom), p9995);
    near(studentQuantile(0.025, freedom), -p975);
  }
  near(reach(0.95), 1.959963984540054, 12);
  near(reach(0.95, 1e9), 1.959963984540054, 6);
});
