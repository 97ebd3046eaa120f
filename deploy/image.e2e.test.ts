import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { capture } from '../tools/programs/process';
import { replay } from './replay.fixture';

test('docker compose up could not build: the files that the image copies are enough to bundle every script', async () => {
  const { root, workdir } = await replay('node');
  const bundled = readdirSync(join(root, workdir, 'dist')).filter((file) => file.endsWith('.js'));
  const scripts = readdirSync('scripts').filter((file) => /(?<!\.test)\.ts$/.test(file));
  const wanted = ['doctor.js', ...scripts.map((file) => file.replace(/\.ts$/, '.js'))];
  assert.deepEqual(bundled.sort(), wanted.sort());
});

test('the files that the image copies are enough for the simulator to start and answer', async () => {
  const { root, workdir, entrypoint } = await replay('simulator');
  const [command, ...words] = entrypoint;
  assert.equal(command, 'node');
  const child = spawn(process.execPath, [...words, '--gateway-port', '0', '--provider-port', '0'], {
    cwd: join(root, workdir),
    env: { PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const ended = once(child, 'exit').then(([code]) => assert.fail(`the simulator ended with ${code}`));
    const line = once(createInterface({ input: child.stdout }), 'line') as Promise<[string]>;
    const [ready] = await Promise.race([line, ended]);
    const [, gateway] = /gateway (\S+) provider/.exec(ready)!;
    assert.equal((await fetch(new URL('/health', gateway))).status, 200);
  } finally {
    child.removeAllListeners('exit');
    child.kill();
  }
});

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
