import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { replay } from './replay.fixture';

test('docker compose up could not build: the files that the image copies are enough to bundle every script', async () => {
  const { root, workdir } = await replay('node');
  const bundled = readdirSync(join(root, workdir, 'dist')).filter((file) => file.endsWith('.js'));
  const scripts = readdirSync('scripts').filter((file) => /(?<!\.test)\.ts$/.test(file));
  assert.deepEqual(bundled.sort(), scripts.map((file) => file.replace(/\.ts$/, '.js')).sort());
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
