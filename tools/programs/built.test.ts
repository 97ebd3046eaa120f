import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { builtNow } from './built';
import { scratch } from './scratch';

const copies = '.cache/built';

function project(): { root: string; put(file: string, text: string): void } {
  const root = scratch();
  const put = (file: string, text: string) => {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, `${file}.new`), text);
    renameSync(join(root, `${file}.new`), join(root, file));
  };
  put('bin/k6', 'k6 1');
  put('dist/smoke.js', 'smoke 1');
  put('dist/report-page.html', 'no script');
  put('data/prompts.json', 'prompts 1');
  put('.cache/calibration.json', 'calibration 1');
  return { root, put };
}

test('RebuiltMeanwhile: the copy keeps k6, the scripts and what they read, whatever is built or written over', () => {
  const { root, put } = project();
  const { k6, script, shown } = builtNow(root);
  put('bin/k6', 'k6 2');
  put('dist/smoke.js', 'smoke 2');
  writeFileSync(join(root, 'data/prompts.json'), 'prompts 2');
  const at = (path: string) => readFileSync(join(dirname(script('smoke')), path), 'utf8');
  assert.equal(readFileSync(k6, 'utf8'), 'k6 1');
  assert.equal(at('smoke.js'), 'smoke 1');
  assert.equal(at('../data/prompts.json'), 'prompts 1');
  assert.equal(at('../.cache/calibration.json'), 'calibration 1');
  assert.ok(!existsSync(join(dirname(script('smoke')), 'report-page.html')));
  assert.equal(shown(`run ${script('smoke')}`), 'run dist/smoke.js', 'the user knows the path in the project');
});

test('what a process that was killed has left is removed, and a copy that is in use stays', () => {
  const { root, put } = project();
  const mine = builtNow(root);
  // No process has a number as high as this one: Linux ends at 4,194,304.
  put(`${copies}/99999999-abc/bin/k6`, 'left');
  builtNow(root);
  assert.ok(existsSync(mine.k6));
  assert.deepEqual(
    readdirSync(join(root, copies)).filter((name) => !name.startsWith(`${process.pid}-`)),
    [],
  );
});
