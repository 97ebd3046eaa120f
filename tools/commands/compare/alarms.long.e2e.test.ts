import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Comparison } from './comparison';
import { compare } from './judge';
import { madeRun } from './made.fixture';

const deciding = ({ figures }: Comparison) => figures.filter(({ role }) => role !== 'detail');

test('200 comparisons of the same target with itself, behind a queue: fewer than 5 % call anything worse or better', (t) => {
  let alarms = 0;
  let sure = 0;
  for (let i = 0; i < 200; i++) {
    const pair = [1, 2].map((side) => madeRun({ seed: 2 * i + side, seconds: 300 }));
    const { verdict } = compare([pair[0]!], [pair[1]!]);
    alarms += Number(verdict === 'worse' || verdict === 'better');
    sure += Number(verdict === 'no difference shown');
  }
  t.diagnostic(`${alarms} of 200 were called worse or better, ${sure} had enough evidence to say no difference`);
  assert.ok(alarms < 10, `${alarms} of 200`);
  assert.ok(sure > 20, `only ${sure} of 200 runs of 300 s had enough evidence for all figures`);
});

test('10 % slower is found at least 95 times in 100 at the run length that compare says is needed, and 3 % is found or told as too small to be shown', (t) => {
  let found = 0;
  let medians = 0;
  for (let i = 0; i < 100; i++) {
    const made = (side: number, seconds: number, slower: number) =>
      madeRun({ seed: 10 * i + 1000 + side, seconds, slower });
    const pilot = compare([made(1, 60, 1)], [made(2, 60, 1)]);
    const needed = Math.max(...deciding(pilot).map(({ seconds_needed }) => seconds_needed!));
    assert.ok(Number.isFinite(needed), 'compare says how long is enough');
    // A pilot that met a burst of errors may ask for an hour; half an hour is enough to be kept out of this test's time.
    const seconds = Math.min(needed, 1800);
    const base = made(3, seconds, 1);
    const slower = compare([base], [made(4, seconds, 1.1)]);
    found += Number(slower.verdict === 'worse');
    medians += Number(slower.figures.some(({ metric, verdict }) => metric === 'llm_e2e' && verdict === 'worse'));
    for (const figure of deciding(compare([base], [made(4, seconds, 1.03)]))) {
      const told = figure.smallest === null || figure.smallest > 0.03 * figure.base!;
      assert.ok(figure.verdict === 'worse' || told, `${figure.name}: ${figure.verdict}, ${figure.text}`);
    }
  }
  t.diagnostic(`${found} of 100 were worse, the response time of ${medians}`);
  assert.ok(found >= 95, `${found} of 100 were worse`);
  assert.ok(medians >= 95, `the response time was found worse in ${medians} of 100`);
});
