import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { test } from 'node:test';

const program =
  "const { scratch } = require('./tools/programs/scratch'); setInterval(() => {}, 1000); process.stdout.write(scratch());";

test('a bench that is ended by SIGTERM left its folders in /tmp: they go with the process, however it ends', async () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    const child = spawn(process.execPath, ['-r', './tools/build/typescript.cjs', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [folder] = (await once(child.stdout, 'data')) as [Buffer];
    assert.ok(existsSync(folder.toString()), folder.toString());
    child.kill(signal);
    assert.deepEqual(await once(child, 'exit'), [code, null]);
    assert.ok(!existsSync(folder.toString()), signal);
  }
});
