import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { preProcessFile } from 'typescript';

/**
 * The folders of lib/, the lowest floor first: a folder may import those that stand before it, and no other. So there
 * is no circle of folders, and a reader who goes through them in this order never meets what has not been read yet.
 */
const floors = [
  'config',
  'metrics',
  'statistics',
  'measurements',
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
  'run',
];

interface Arrow {
  from: string;
  to: string;
}

/** Every import of a file of ours by another one, for its types alone too; paths from the project's root. */
function arrows(folders: readonly string[]): Arrow[] {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  );
  return files.flatMap((from) =>
    preProcessFile(readFileSync(from, 'utf8'), true, true)
      .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
      .map(({ fileName }) => {
        const path = join(dirname(from), fileName);
        return {
          from,
          to: existsSync(`${path}.ts`)
            ? `${path}.ts`
            : existsSync(path) && !path.endsWith('.json')
              ? join(path, 'index.ts')
              : path,
        };
      }),
  );
}

const told = (list: readonly Arrow[]) => list.map(({ from, to }) => `${from} imports ${to}`);
const forTests = (file: string) => /(\.test|fixture)\.ts$/.test(file);
/** The floor of a file of lib/; "" outside. */
const floorOf = (file: string) => (/^lib\/([^/]+)\//.exec(file) ?? [])[1] ?? '';
const all = arrows(['bench', 'dashboards', 'lib', 'scripts', 'simulator', 'tools']);
const product = all.filter(({ from }) => !forTests(from));

test('every folder of lib/ stands on one floor', () => {
  const folders = readdirSync('lib', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  assert.deepEqual(folders.map(({ name }) => name).sort(), [...floors].sort());
});

test('no folder of lib/ imports from a floor above its own', () => {
  const up = product.filter(
    ({ from, to }) => floorOf(to) && floors.indexOf(floorOf(from)) < floors.indexOf(floorOf(to)),
  );
  assert.deepEqual(told(up.filter(({ from }) => floorOf(from))), []);
});

test('lib/ imports nothing of ours from outside but data', () => {
  const out = product.filter(({ from, to }) => floorOf(from) && !floorOf(to));
  assert.deepEqual(told(out.filter(({ to }) => !/^data\/.*\.json$/.test(to))), []);
});

test("a folder of lib/ is imported by its face, index.ts, and within the folder file by file; tests may import another's fixture", () => {
  const past = all.filter(
    ({ from, to }) =>
      floorOf(to) &&
      floorOf(from) !== floorOf(to) &&
      to !== `lib/${floorOf(to)}/index.ts` &&
      !(forTests(from) && forTests(to)),
  );
  assert.deepEqual(told(past), []);
});

test('no files of one folder import each other in a circle', () => {
  const next = new Map<string, string[]>();
  for (const { from, to } of product) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (done.has(file) || path.includes(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) if (file.startsWith('lib/')) visit(file, []);
  assert.deepEqual(circles, []);
});
