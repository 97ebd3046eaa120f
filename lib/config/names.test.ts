import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../statistics';
import { editDistance, within } from './names';

// Each VU of a run compared each name of the environment with each parameter, letter by letter: 0.7 s of its start.
test('whether a name is near another is told as by the whole distance, for any two', () => {
  const draws = random(1, 1);
  const word = () => Array.from({ length: draws.below(7) }, () => 'ABC'[draws.below(3)]).join('');
  for (let i = 0; i < 3000; i++) {
    const [one, other] = [word(), word()];
    for (const most of [0, 1, 2])
      assert.equal(within(one, other, most), editDistance(one, other) <= most, `${one} ${other} ${most}`);
  }
  assert.ok(within('DURATOIN', 'DURATION', 1) && within('SCALEE', 'SCALE', 1) && !within('SKALEE', 'SCALE', 1));
});
