import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { capture } from '../tools/programs/process';
import { replay } from './replay.fixture';

test('the files that the image copies are enough to build k6, and every script of the image loads in it', async () => {
  const { root, workdir, environment, entrypoint } = await replay('k6');
  assert.deepEqual(entrypoint, ['k6']);
  const cwd = join(root, workdir);
  const k6 = join(root, 'usr/local/bin/k6');
  const env = { ...environment, PATH: process.env.PATH, HOME: process.env.HOME };
  const version = await capture(k6, ['version'], { cwd, env });
  assert.equal(version.code, 0, version.stderr);
  assert.match(version.stdout, /k6\/x\/sse/);
  const scripts = readdirSync(join(cwd, 'dist')).filter((file) => file.endsWith('.js'));
  assert.ok(scripts.includes('spike.js'));
  for (const script of scripts) {
    const { code, stderr } = await capture(k6, ['inspect', `dist/${script}`], { cwd, env });
    assert.equal(code, 0, `${script}: ${stderr}`);
  }
});
