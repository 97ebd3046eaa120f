import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { capture } from './programs/process';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const run = (...args: string[]) => capture(process.execPath, ['tools/run.mjs', ...args]);

test('every command of package.json is in the list of tools/run.mjs, and the other way round', async () => {
  const { stdout, code } = await run('--help');
  assert.equal(code, 0);
  const listed = [...stdout.matchAll(/^ {2}(\S+) {2,}\S/gm)].map((found) => found[1]!);
  assert.deepEqual(listed.sort(), Object.keys(scripts).sort());
  for (const [name, command] of Object.entries(scripts)) assert.equal(command, `node tools/run.mjs ${name}`);
});

test('a command that there is not is refused with the list', async () => {
  const { stderr, code } = await run('simulate');
  assert.equal(code, 2);
  assert.match(stderr, /^"simulate" is no command\. npm run <command>[\s\S]*\n {2}simulator {2}/);
});

test('every command has --help, which begins with how it is called', async () => {
  const names = Object.keys(scripts);
  const ask = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const { stdout, stderr, code } = await run(name, '--help');
      assert.equal(code, 0, `${name}: ${stderr}`);
      assert.match(stdout, new RegExp(`^npm (run )?${name}\\b.*\\n`, 'm'));
      assert.ok(stdout.trim().split('\n').length > 2, `${name} says what it does: ${stdout}`);
    }
  };
  await Promise.all([ask(), ask()]);
});

test('npm run simulator starts: its own thread could not read TypeScript', async () => {
  // As a user's shell has it: the runner of the tests requires ts-node in every process.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const words = ['tools/run.mjs', 'simulator', '--gateway-port', '0', '--provider-port', '0'];
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = text(child.stderr);
  const { value: line } = (await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next()) as {
    value?: string;
  };
  child.kill();
  assert.match(line ?? '', /^simulator ready: /, await said);
});
