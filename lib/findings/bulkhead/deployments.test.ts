import assert from 'node:assert/strict';
import { test } from 'node:test';
import { record } from '../../truth/join.fixture';
import { deploymentsBehind } from './deployments';

const records = (model: string, region: string, ids: readonly string[]) =>
  ids.map((id) => record({ id, model, region }));
const ids = (name: string, count: number) => Array.from({ length: count }, (_, i) => `${name}-${i}`);

test('MixedUpMadeBothSick: a gateway that sends one request in twenty to the wrong model had both models made slow, and was told to share something', () => {
  const [sick, well] = [ids('sick', 40), ids('well', 80)];
  const mixed = [
    ...records('claude', 'eu', [...sick.slice(2), ...well.slice(0, 4)]),
    ...records('gemini', 'eu', [...well.slice(4), ...sick.slice(0, 2)]),
  ];
  assert.deepEqual(deploymentsBehind(mixed, new Set(sick)), ['openai/eu/claude']);
});

test('all deployments of a model are made sick, and the one that both models share', () => {
  const sick = ids('sick', 40);
  const spread = [...records('claude', 'eu', sick.slice(2)), ...records('claude', 'us', sick.slice(0, 2))];
  assert.deepEqual(deploymentsBehind(spread, new Set(sick)), ['openai/eu/claude', 'openai/us/claude']);
  const shared = records('claude', 'eu', [...sick, ...ids('well', 80)]);
  assert.deepEqual(deploymentsBehind(shared, new Set(sick)), ['openai/eu/claude']);
});
