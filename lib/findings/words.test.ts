import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differs } from './words';

test('TakesLessThanNothing: through a balancer, and over a new connection, a request was told to take -0.3 ms longer', () => {
  const told = (value: number, interval: [number, number]) => differs({ value, interval }, 'longer', 'less');
  assert.equal(told(1.2, [0.4, 2]), '1.2 ms [0.4, 2.0] longer');
  assert.equal(told(-0.3, [-1.1, 0.5]), '0.3 ms [-0.5, 1.1] less');
  assert.equal(told(-0.01, [-0.02, 0.01]), '0.0 ms [0.0, 0.0] less');
});
