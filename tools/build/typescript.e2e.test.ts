import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readdirSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { capture } from '../programs/process';
import { scratch } from '../programs/scratch';

const day = 86_400;

test('a file that is read again counts as used from then on, so that clearing the cache leaves it', async () => {
  const root = scratch();
  mkdirSync(join(root, 'tools/build'), { recursive: true });
  for (const file of ['tools/build/typescript.cjs', 'tsconfig.json']) copyFileSync(file, join(root, file));
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  writeFileSync(join(root, 'said.ts'), "process.stdout.write('said' as string);\n");
  const words = ['-r', join(root, 'tools/build/typescript.cjs'), join(root, 'said.ts')];
  const run = () => capture(process.execPath, words, { cwd: root, env: { PATH: process.env.PATH } });

  const first = await run();
  assert.deepEqual([first.code, first.stdout], [0, 'said'], first.stderr);
  const cache = join(root, '.cache/typescript');
  const [kept, ...more] = readdirSync(cache);
  assert.deepEqual(more, []);
  const time = () => statSync(join(cache, kept!)).mtimeMs;
  const set = (daysAgo: number) => {
    const at = Date.now() / 1000 - daysAgo * day;
    utimesSync(join(cache, kept!), at, at);
  };
  set(10);
  assert.equal((await run()).stdout, 'said');
  assert.ok(Date.now() - time() < 60_000, 'read now');
  set(0.5);
  const before = time();
  assert.equal((await run()).stdout, 'said');
  assert.equal(time(), before, 'it is noted once a day, not at each start');
});
