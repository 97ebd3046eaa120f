import assert from 'node:assert/strict';
import { test } from 'node:test';
import { executorOf } from './executor';
import { phases } from './phases';

const users = { users: 20, preAllocatedVUs: 8 };

test('k6 is told one rate as rate and duration, and several phases as stages, a sudden rise as a stage of no time', () => {
  assert.deepEqual(executorOf(phases({ load: { rate: 50, for: '5m' } }), 20, false), {
    executor: 'llm-arrival-rate',
    rate: 50,
    timeUnit: '1s',
    duration: '300000ms',
    ...users,
  });
  const spike = phases({ before: { rate: 10, for: '30s' }, spike: { rate: 100, in: '2s', for: '1m' } });
  assert.deepEqual(executorOf(spike, 20, false).stages, [
    { phase: 'before', duration: '0s', target: 10 },
    { phase: 'before', duration: '30000ms', target: 10 },
    { phase: 'spike', duration: '2000ms', target: 100 },
    { phase: 'spike', duration: '60000ms', target: 100 },
  ]);
});

test('k6 is told requests in flight as such, alone and beside rates, and users without pause without any rate', () => {
  const held = phases({ hold: { inFlight: 12, for: '10s' } });
  assert.deepEqual(executorOf(held, 20, false), {
    executor: 'llm-in-flight',
    stages: [{ phase: 'hold', duration: '10000ms', target: 12 }],
    ...users,
  });
  const both = phases({ alone: { rate: 1, for: '5s' }, hold: { inFlight: 12, for: '10s' } });
  const { executor, stages } = executorOf(both, 20, false);
  assert.equal(executor, 'llm-arrival-rate');
  assert.deepEqual(stages!.at(-1), { phase: 'hold', duration: '10000ms', target: 12, inFlight: true });
  assert.deepEqual(executorOf(both, 20, true), { executor: 'llm-constant-users', duration: '15000ms', ...users });
});
