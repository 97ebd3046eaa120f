import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { cases } from './cases';
import { page, pageText, untrue } from './coverage';
import { points } from './points';

test('every point and every test case of the plan is there once', () => {
  assert.deepEqual([points.length, cases.length], [205, 149]);
  for (const rows of [points, cases]) assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length);
  for (const { id, script } of points) assert.ok(script !== '', `${id} has no script`);
});

test('nothing counts as proven by a test that does not exist', () => {
  assert.deepEqual(untrue([...points, ...cases]), []);
  assert.deepEqual(
    untrue([
      { id: 'X-1', seen: 'client', script: 'smoke', note: '', proof: [{ file: 'scripts/none.test.ts', test: 'a' }] },
      {
        id: 'X-2',
        seen: 'client',
        script: 'smoke',
        note: '',
        proof: [{ file: __filename, test: ['no such', 'test'].join(' ') }],
      },
    ]).map((sentence) => sentence.slice(0, 12)),
    ['X-1: there i', `X-2: ${__filename}`.slice(0, 12)],
  );
});

test('docs/coverage.md says what the tables say; npm run coverage writes it', () =>
  assert.equal(readFileSync(page, 'utf8'), pageText()));
