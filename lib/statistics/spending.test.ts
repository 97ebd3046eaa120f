import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lookAlphas, spent } from './spending';

test('all looks together spend alpha, none of it twice', () => {
  const alphas = lookAlphas(0.05, [5, 10, 15, 20], 20);
  assert.ok(Math.abs(alphas.reduce((sum, each) => sum + each, 0) - 0.05) < 1e-12, `${alphas}`);
  assert.ok(alphas.every((each) => each > 0.005));
  assert.deepEqual([spent(0.05, 0), spent(0.05, 1), spent(0.05, 2)], [0, 0.05, 0.05]);
});
