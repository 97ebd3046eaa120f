import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mix } from './mix';
import { random } from '../statistics';

const load = mix([
  { share: 70, kind: 'chat', call: () => ({ kind: 'chat', size: 'short', messages: [] }) },
  { share: 25, kind: 'embedding', call: () => ({ kind: 'embedding', size: 'single', texts: [] }) },
  { share: 5, kind: 'models', call: () => ({ kind: 'models', size: 'list' }) },
]);

test('shares come out as they stand', () => {
  const counts = { chat: 0, embedding: 0, models: 0, refused: 0 };
  const n = 20_000;
  for (let i = 0; i < n; i++) counts[load.next(random(1, i), 'load').kind]++;
  // Chi-squared with 2 degrees of freedom: above 13.8 once in a thousand honest generators; the seed is fixed.
  const chi = [
    [counts.chat, 0.7],
    [counts.embedding, 0.25],
    [counts.models, 0.05],
  ].reduce((sum, [seen, share]) => sum + (seen! - n * share!) ** 2 / (n * share!), 0);
  assert.ok(chi < 13.8, `chi-squared ${chi}: ${JSON.stringify(counts)}`);
});

test('the same seed and arrival draw the same, another seed or arrival differs', () => {
  const draws = (seed: number, index: number) => {
    const r = random(seed, index);
    return [r.next(), r.next(), r.next()];
  };
  assert.deepEqual(draws(1, 7), draws(1, 7));
  assert.notDeepEqual(draws(1, 7), draws(1, 8));
  assert.notDeepEqual(draws(1, 7), draws(2, 7));
});

test('the preflight is told which kinds there are', () => {
  assert.deepEqual(load.kinds, ['chat', 'embedding', 'models']);
});
