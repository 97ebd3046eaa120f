import assert from 'node:assert/strict';
import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../programs/scratch';
import { clearCache } from './clear-cache';

const day = 86_400;

test('CacheThatOnlyGrew: what has not been read for 14 days is removed at the start of a build, and the rest stays', () => {
  const folder = scratch();
  const now = 1_800_000_000;
  for (const [name, days] of [
    ['today.js', 0],
    ['used.js', 13],
    ['old.js', 15],
    ['half-written.js.123', 400],
  ] as const) {
    writeFileSync(join(folder, name), '');
    utimesSync(join(folder, name), now - days * day, now - days * day);
  }
  assert.equal(clearCache(folder, 1000 * now), 2);
  assert.deepEqual(readdirSync(folder).sort(), ['today.js', 'used.js']);
  assert.equal(clearCache(join(folder, 'nothing-kept-yet')), 0);
});
