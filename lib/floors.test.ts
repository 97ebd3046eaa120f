import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { importsOf, ours, outward, pastFaces, upward } from '../tools/testing/imports';

/**
 * The folders of lib/, the lowest floor first: a folder may import those that stand before it, and no other. So there
 * is no circle of folders, and who reads them in this order never meets what has not been read yet.
 */
const floors = [
  'config',
  'metrics',
  'statistics',
  'growth-law',
  'pairs',
  'measurements',
  'ladder',
  'impact',
  'objectives',
  'workload',
  'load',
  'openai',
  'cost',
  'calibration',
  'truth',
  'provider',
  'monitor',
  'journal',
  'verdict',
  'findings',
  'summary',
  'report',
  'parts',
  'run',
  'doctor',
];
const folders = floors.map((name) => `lib/${name}`);
const imports = importsOf(ours);

test('every folder of lib/ stands on one floor', () => {
  const found = readdirSync('lib', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(found.map(({ name }) => name).sort(), [...floors].sort());
});

test('no folder of lib/ imports from a floor above its own', () => {
  assert.deepEqual(
    upward(
      imports,
      folders.map((folder) => [folder]),
    ),
    [],
  );
});

test("a folder of lib/ is imported by its face, index.ts; tests may import another folder's fixture", () => {
  assert.deepEqual(pastFaces(imports, folders), []);
});

test('lib/ imports nothing of ours from outside but data', () => {
  assert.deepEqual(outward(imports, 'lib', /^data\/.*\.json$/), []);
});
