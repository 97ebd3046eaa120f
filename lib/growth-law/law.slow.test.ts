import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../statistics';
import { grows, growthLaw, growthWords, lawAt, lawText, sizeAt, stepText, type Point } from '.';

const sizes = [250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000];

/** Rounds of sizes whose values follow `law`, each moved by up to `noise` of itself, and one in `outlier` is doubled. */
function made(law: (size: number) => number, { rounds = 12, noise = 0.1, outlier = 0, seed = 1 } = {}): Point[] {
  return Array.from({ length: rounds }, (_, round) => {
    const { next } = random(seed, round);
    return sizes.map((size) => {
      const value = law(size) * (1 + noise * (2 * next() - 1));
      return { round, size, value: outlier > 0 && next() < outlier ? 2 * value : value };
    });
  }).flat();
}

test('a law without noise comes back as it was made: base, what 1,000 cost, power', () => {
  for (const power of [0.5, 1, 1.5, 2]) {
    const law = growthLaw(made((size) => 200 + 15 * (size / 1000) ** power, { noise: 0 }))!;
    assert.ok(Math.abs(law.power - power) < 0.02, `${power}: ${law.power}`);
    assert.ok(Math.abs(law.base - 200) < 3 && Math.abs(law.perThousand - 15) < 1, JSON.stringify(law));
    assert.ok(Math.abs(lawAt(law, 16_000) - (200 + 15 * 16 ** power)) < 5);
    assert.ok(Math.abs(sizeAt(law, 215)! - 1000) < 60, String(sizeAt(law, 215)));
  }
});

test('the interval of the power holds the true power in at least 90 % of repetitions, with outliers too', () => {
  for (const [power, outlier] of [
    [1, 0],
    [1, 0.05],
    [2, 0.05],
  ] as const) {
    let held = 0;
    for (let seed = 1; seed <= 50; seed++) {
      const { powerInterval } = growthLaw(made((size) => 100 + 20 * (size / 1000) ** power, { outlier, seed }))!;
      if (powerInterval[0] <= power && power <= powerInterval[1]) held++;
    }
    assert.ok(held >= 45, `power ${power}, outliers ${outlier}: ${held} of 50`);
  }
});

test('what grows with the square is never called proportional, and the reverse hardly ever', () => {
  let wrong = 0;
  for (let seed = 1; seed <= 50; seed++) {
    assert.equal(
      growthWords(growthLaw(made((x) => 100 + 2 * (x / 1000) ** 2, { seed }))!),
      'grows faster than the size',
    );
    if (growthWords(growthLaw(made((x) => 100 + 30 * (x / 1000), { seed }))!) === 'grows faster than the size') wrong++;
  }
  assert.ok(wrong <= 2, `${wrong} of 25`);
});

test('a time that does not depend on the size has no growth, whatever power fits its noise best', () => {
  for (let seed = 1; seed <= 50; seed++)
    assert.ok(!grows(growthLaw(made(() => 250, { seed, noise: 0.15 }))!), `${seed}`);
});

test('a step is found between the two sizes where it is, and told with its height; a smooth law hardly ever has one', () => {
  let [found, invented] = [0, 0];
  for (let seed = 1; seed <= 20; seed++) {
    const law = growthLaw(made((x) => 100 + 10 * (x / 1000) + (x > 4000 ? 150 : 0), { seed }))!;
    if (law.step?.after === 4000 && law.step.upTo === 8000 && Math.abs(law.step.value - 150) < 40) found++;
    for (const power of [1, 2])
      if (growthLaw(made((x) => 100 + 10 * (x / 1000) ** power, { seed, outlier: 0.03 }))!.step) invented++;
  }
  assert.ok(found >= 18, `${found} of 20`);
  assert.ok(invented <= 1, `${invented} of 40`);
  const law = growthLaw(made((x) => 100 + 10 * (x / 1000) + (x > 4000 ? 150 : 0)))!;
  assert.match(stepText(law, 'ms', 'tokens'), /^; between 4,000 and 8,000 tokens it rises at once by 1\d\d ms$/);
});

test('fewer rounds or sizes than a law needs make none', () => {
  const all = made((size) => size);
  assert.equal(growthLaw(all.filter(({ round }) => round < 5)), undefined);
  assert.equal(growthLaw(all.filter(({ size }) => size <= 1000)), undefined);
  assert.equal(growthLaw([]), undefined);
});

test('a law in words names its unit, what 1,000 cost, and the power with its interval', () => {
  const text = lawText(growthLaw(made((size) => 200 + 15 * (size / 1000)))!, 'ms', 'tokens');
  assert.match(text, /^\d+ ms \+ [\d.]+ ms x \(tokens \/ 1,000\)\^[01]\.\d\d \[[01]\.\d\d, 1\.\d\d\]$/);
});

test('sizes that are all different are put together into pieces, and give the same law', () => {
  const points = Array.from({ length: 300 }, (_, i) => {
    const { next } = random(9, i);
    const size = 200 * 100 ** next();
    return { round: Math.floor(i / 10), size, value: (150 + 12 * (size / 1000)) * (1 + 0.1 * (next() - 0.5)) };
  });
  const law = growthLaw(points)!;
  assert.ok(law.powerInterval[0] < 1.05 && law.powerInterval[1] > 0.95, JSON.stringify(law.powerInterval));
});
