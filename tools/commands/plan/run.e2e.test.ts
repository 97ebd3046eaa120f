import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { builtNow } from '../../programs/built';
import { scratch } from '../../programs/scratch';
import { runScript } from './run';

test('RebuiltMeanwhile: a script of a plan runs as it was when the plan began, and its log names the path in dist/', async () => {
  const root = scratch();
  const put = (file: string, text: string) => {
    writeFileSync(join(root, `${file}.new`), text, { mode: 0o755 });
    renameSync(join(root, `${file}.new`), join(root, file));
  };
  for (const folder of ['bin', 'dist']) mkdirSync(join(root, folder));
  put('bin/k6', '#!/bin/sh\necho "script: $3"; cat "$3"; echo "k6 is $0" >&2\n');
  put('dist/smoke.js', 'as the plan began\n');
  const from = builtNow(root);
  put('dist/smoke.js', 'built since\n');
  put('bin/k6', '#!/bin/sh\necho "built since"\n');
  const into = join(root, 'results', 'smoke');
  const { code, record } = await runScript(from, 'smoke', {}, process.env, into, { asked: false });
  assert.deepEqual([code, record], [0, undefined]);
  const log = readFileSync(`${into}.log`, 'utf8').split('\n');
  assert.deepEqual(log.sort(), ['', 'as the plan began', 'k6 is bin/k6', 'script: dist/smoke.js']);
});
