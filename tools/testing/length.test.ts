import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { globSync } from 'tinyglobby';

/** A file that one reads in one go. */
const longest = 300;

/** Lists of one kind of thing, which are looked up and not read: each is a table, a list of words, or declarations. */
const tables = [
  'dashboards/pages.ts',
  'lib/metrics/table.ts',
  'tools/commands/coverage/cases.ts',
  'tools/commands/coverage/points.ts',
  'tools/commands/data/categories.ts',
  'tools/commands/data/dialogues.ts',
  'tools/commands/data/vocabulary.ts',
  'tools/commands/sweep/cases.ts',
  'xk6-sse/sse.d.ts',
];

test(`no file is over ${longest} lines but tables: what grows beyond it has two subjects`, () => {
  const files = globSync(['**/*.{ts,mjs,go}'], {
    ignore: ['**/node_modules', 'dist', 'bin', 'release', 'results'],
    dot: false,
  });
  assert.ok(files.length > 700, 'the files are found');
  const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length - 1 > longest);
  assert.deepEqual(long.sort(), tables);
});
