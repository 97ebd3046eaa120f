import assert from 'node:assert/strict';
import { test } from 'node:test';
import { phaseRow } from '../measurements/snapshot.fixture';
import { lengthFor, spans } from './length';

const phase = (end: number, due: number) => phaseRow('load', { start: 0, end, due, dispatched: due });

test('AdviceThatWasTooShort: of three requests, one a second, DURATION=92s was promised to have 132', () => {
  // The last of them is sent after two seconds, and k6 ends with its answer.
  assert.equal(lengthFor(132, 3, { elapsed: 2070, phases: [phase(3000, 3)] }), 'DURATION=3m');
  assert.equal(lengthFor(132, 150, { elapsed: 29_990, phases: [phase(30_000, 150)] }), 'DURATION=27s');
});

test('a load that ended long before its time was as long as it was', () => {
  assert.deepEqual(spans({ elapsed: 20_000, phases: [phase(60_000, 600)] }, {}), [[0, 20_000]]);
  const two = [phase(10_000, 10), { ...phaseRow('more'), start: 10_000, end: 20_000, due: 1000 }];
  assert.deepEqual(spans({ elapsed: 19_995, phases: two }, {}), [[0, 20_000]]);
  assert.deepEqual(spans({ elapsed: 12_000, phases: two }, {}), [[0, 12_000]]);
});
