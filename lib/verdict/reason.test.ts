import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseRow, row } from '../measurements/snapshot.fixture';
import { disturbance, reasonLine } from './reason';
import { objectives, rows, trial } from './trial.fixture';
import { judge } from './verdict';

const disturbanceOf = (...given: Parameters<typeof trial>) =>
  disturbance(judge(trial(...given)).reasons.map(reasonLine));

test('a run whose generator was held up by this machine is disturbed, and the sentence says by what', () => {
  const late = { lateness: row('', {}, [80, 90]).histogram };
  assert.match(disturbanceOf({ instrument: late })!, /^the generator was late: /);
  assert.match(disturbanceOf({ instrument: { contentEvents: 1000, lateShared: 20 } })!, /^the generator read late: /);
  assert.match(disturbanceOf({ instrument: { cpuSeconds: 115 } })!, /^the generator used 96 % of this machine's CPU/);
  assert.match(
    disturbanceOf({ phases: [phaseRow('load', { dispatched: 900, dropped: 100, maxInFlight: 20 })] })!,
    /the generator could not keep up$/,
  );
  assert.match(
    disturbanceOf({ scriptErrors: 1, instrument: late })!,
    /^the generator was late: /,
    'beside another doubt',
  );
});

test('ThreeDefinitions: what would come again is no disturbance, so the plan does not run such a script once more', () => {
  assert.equal(disturbanceOf(), undefined, 'a PASS');
  assert.equal(disturbanceOf({ scriptErrors: 1, firstScriptErrors: ['TypeError: x'] }), undefined);
  assert.equal(disturbanceOf({}, { refused: 'the target x refused the key with 401' }), undefined);
  assert.equal(disturbanceOf({ signal: 'SIGINT' }), undefined);
  assert.equal(disturbanceOf({}, { objectives: [{ ...objectives[0]!, tags: { phase: 'spik' } }] }), undefined);
  const full = [phaseRow('load', { due: 6000, dispatched: 5000, dropped: 1000, maxInFlight: 100 })];
  assert.equal(disturbanceOf({ phases: full }), undefined, 'too few VUs');
  assert.equal(disturbanceOf({ rows: rows(Array<number>(1000).fill(600), 0) }), undefined, 'a FAIL');
  assert.equal(disturbance(['target: the generator was late: a text of the target']), undefined);
});
