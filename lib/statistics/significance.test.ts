import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holm, pValue } from './significance';
import { reach } from './student';

test('the p-value is that of the test which the interval inverts', () => {
  const p = pValue((confidence) => ({ low: 3 - reach(confidence), high: 3 + reach(confidence) }));
  assert.ok(Math.abs(p - 0.0027) < 0.0001, `${p}`);
  assert.equal(
    pValue(() => ({ low: -1, high: 1 })),
    1,
  );
  assert.equal(
    pValue(() => ({ low: 1, high: 2 })),
    1e-9,
  );
});

test("Holm's correction, against a worked example: 0.01, 0.04, 0.03, 0.005", () => {
  const even = [0.01, 0.04, 0.03, 0.005].map((p) => ({ p, weight: 1 }));
  const near = (got: number[], want: number[]) =>
    assert.ok(
      want.every((each, i) => Math.abs(got[i]! - each) < 1e-12),
      `${got} is not ${want}`,
    );
  near(holm(even), [0.03, 0.06, 0.06, 0.02]);
  near(
    holm([
      { p: 0.02, weight: 0.8 },
      { p: 0.02, weight: 0.2 },
    ]),
    [0.025, 0.025],
  );
  assert.deepEqual(holm([]), []);
});
