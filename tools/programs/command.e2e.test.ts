import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { scratch } from './scratch';

/** A command that prints, waits until its stdin ends, prints much more, and then does its work: it writes a file. */
const command = (file: string) => `
  const { runCommand } = require('./tools/programs/command');
  runCommand('help', async () => {
    process.stdout.write('first line\\n');
    for await (const _ of process.stdin);
    for (let i = 0; i < 100; i++) {
      process.stdout.write('another line\\n');
      await new Promise((done) => setImmediate(done));
    }
    require('node:fs').writeFileSync(${JSON.stringify(file)}, 'done');
    return 3;
  });`;

test('npm run schema | head -1 ended with a stack trace in the midst of its files: a command whose reader leaves does its work', async () => {
  const file = join(scratch(), 'work');
  const child = spawn(process.execPath, ['-r', './tools/build/typescript.cjs', '-e', command(file)]);
  const said = text(child.stderr);
  const ended = once(child, 'exit');
  await once(createInterface({ input: child.stdout }), 'line');
  child.stdout.destroy();
  await once(child.stdout, 'close');
  child.stdin.end();
  assert.deepEqual(await ended, [3, null], await said);
  assert.equal(await said, '');
  assert.ok(existsSync(file), 'its work was cut short');
});

test(
  'output that cannot be written, as on a full disk, is a sentence and exit code 2, and no stack trace',
  { skip: existsSync('/dev/full') ? false : 'this system has no /dev/full' },
  async () => {
    const file = join(scratch(), 'work');
    const child = spawn(process.execPath, ['-r', './tools/build/typescript.cjs', '-e', command(file)], {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    const said = text(child.stderr!);
    assert.deepEqual(await once(child, 'exit'), [2, null]);
    assert.match(await said, /^The output cannot be written: ENOSPC: [^\n]*\n$/);
  },
);
