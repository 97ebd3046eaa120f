import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Call, Workload } from '../workload';
import { drawnCall, drawnCalls } from './drawn';

test('a call is drawn once for all that is told of a load, and another seed, phase or workload has its own', () => {
  let drawn = 0;
  const made = (phase: string): Call => ({ kind: 'chat', size: `${phase} ${++drawn}`, messages: [] });
  const workload: Workload = { kinds: ['chat'], next: (_, phase) => made(phase) };
  const calls = drawnCalls(workload, 1, 3, 'load');
  assert.deepEqual(
    calls.map(({ size }) => size),
    ['load 1', 'load 2', 'load 3'],
  );
  assert.equal(drawnCall(workload, 1, 1, 'load'), calls[1]);
  assert.equal(drawn, 3);
  assert.notEqual(drawnCall(workload, 1, 1, 'other'), calls[1]);
  assert.notEqual(drawnCall(workload, 2, 1, 'load'), calls[1]);
  assert.notEqual(drawnCall({ ...workload }, 1, 1, 'load'), calls[1]);
  const example: Workload = { ...workload, example: () => ({ kind: 'models', size: 'list' }) };
  assert.equal(drawnCall(example, 1, 0, 'load').kind, 'models', 'what a feature makes is as the load has it');
});
