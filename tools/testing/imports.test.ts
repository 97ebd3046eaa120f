import assert from 'node:assert/strict';
import { test } from 'node:test';
import { circles, importsOf, ours, outward, pastFaces, testsInProduct, unmarkedFixtures, upward } from './imports';

const graph = (arrows: Record<string, string[]>) => new Map(Object.entries(arrows));

test('circles, imports of what serves tests, and arrows up are found', () => {
  const imports = graph({
    'a/x.ts': ['a/y.ts'],
    'a/y.ts': ['b/z.ts'],
    'b/z.ts': ['a/x.ts', 'b/alone.ts'],
    'b/alone.ts': ['b/some.fixture.ts'],
    'b/some.fixture.ts': [],
    'b/alone.test.ts': ['b/some.fixture.ts', 'b/alone.ts'],
  });
  assert.deepEqual(circles(imports), [['a/x.ts', 'a/y.ts', 'b/z.ts']]);
  assert.deepEqual(testsInProduct(imports), ['b/alone.ts imports b/some.fixture.ts']);
  assert.deepEqual(upward(imports, [['a'], ['b']]), ['a/y.ts imports b/z.ts']);
  assert.deepEqual(upward(imports, [['a', 'b']]), []);
});

test('imports past a face and out of a folder are found', () => {
  const imports = graph({
    'a/x.ts': ['b/index.ts', 'b/y.ts', 'b/y.schema.json', 'a/z.ts', 'c/data.json', 'c/else.ts'],
    'a/x.test.ts': ['b/y.ts', 'b/y.fixture.ts', 'c/else.ts'],
  });
  assert.deepEqual(pastFaces(imports, ['a', 'b']), ['a/x.ts imports b/y.ts', 'a/x.test.ts imports b/y.ts']);
  assert.deepEqual(outward(imports, 'a', /^b\/|\.json$/), ['a/x.ts imports c/else.ts']);
});

const imports = importsOf(ours);

test('no file is in a circle of imports', () => assert.deepEqual(circles(imports), []));

test('what serves tests only is imported by tests only', () => assert.deepEqual(testsInProduct(imports), []));

test('the house: what runs in k6 knows nothing of the simulator, neither of the commands, and each arrow goes down', () =>
  assert.deepEqual(
    upward(imports, [
      ['simulator'],
      ['lib'],
      ['bench', 'report', 'scripts', 'targets'],
      ['dashboards'],
      ['tools'],
      ['deploy'],
    ]),
    [],
  ));

test('the simulator is a program of its own: it uses nothing of ours but data', () =>
  assert.deepEqual(outward(imports, 'simulator', /^data\/.*\.json$/), []));

test('tools/: programs know nothing of what starts them, and commands nothing of tests', () =>
  assert.deepEqual(
    upward(imports, [['tools/programs'], ['tools/build'], ['tools/commands'], ['tools/release'], ['tools/testing']]),
    [],
  ));

test('what serves tests only has one mark: it ends in .fixture.ts, or stands in tools/testing/', () =>
  assert.deepEqual(unmarkedFixtures(imports), []));
