import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { scratch } from '../programs/scratch';
import { capture } from '../programs/process';
import type { Counts } from './counts';

/** Runs files of these texts, in which STATE is a folder, and tells the counts and what was printed. */
async function counted(texts: readonly string[]): Promise<{ counts: Counts; said: string }> {
  const folder = scratch();
  const files = texts.map((text, i) => {
    const file = join(folder, `${i}.test.js`);
    writeFileSync(
      file,
      `const { test } = require('node:test');\nconst { existsSync, writeFileSync } = require('node:fs');\n${text.replaceAll('STATE', JSON.stringify(folder))}`,
    );
    return file;
  });
  const program = join(folder, 'run.js'); // not -e: the runner hands its own options on to each file's process
  writeFileSync(
    program,
    `require(${JSON.stringify(resolve('tools/testing/node-tests'))}).nodeTests(${JSON.stringify(files)}, 2).then((counts) => console.log('COUNTS' + JSON.stringify(counts)));`,
  );
  // A runner within a runner would not run: this process is told by the variable that it is a test file.
  const { stdout, stderr } = await capture(process.execPath, ['-r', './tools/build/typescript.cjs', program], {
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  const found = /^COUNTS(.*)$/m.exec(stdout);
  assert.ok(found, stdout + stderr);
  return { counts: JSON.parse(found[1]!) as Counts, said: stdout };
}

const good = "test('good', () => {});";
const bad = "test('bad', () => { throw new Error('bad'); });";
const shaky =
  "test('shaky', () => { const file = STATE + '/seen'; if (existsSync(file)) return; writeFileSync(file, ''); throw new Error('the first time'); });";

test('a file that fails once is run again and told; one that fails twice has failed; each test counts once', async () => {
  const { counts, said } = await counted([
    `${good}\n${shaky}`,
    `${good}\n${bad}\ntest('left out', { skip: true }, () => {});`,
  ]);
  assert.deepEqual(counts, { passed: 3, failed: 1, skipped: 1 });
  assert.match(said, /failed, and run once more, alone: \S*0\.test\.js, \S*1\.test\.js\n/);
  assert.match(said, /^passed at the second try: \S*0\.test\.js$/m);
  assert.doesNotMatch(said, /second try: \S*1\.test\.js/);
});

test('many files that fail are no accident: none is run again', async () => {
  const { counts, said } = await counted([shaky, ...Array<string>(8).fill(bad)]);
  assert.deepEqual(counts, { passed: 0, failed: 9, skipped: 0 });
  assert.doesNotMatch(said, /once more/);
});

test('a file that cannot be read as a program has failed', async () => {
  assert.deepEqual((await counted([good, 'not a program'])).counts, { passed: 1, failed: 1, skipped: 0 });
});
