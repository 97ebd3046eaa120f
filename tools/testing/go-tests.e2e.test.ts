import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { capture } from '../programs/process';
import { scratch } from '../programs/scratch';

/** Runs `goTests` on a module of these files, in a process of its own, since it prints. */
async function tested(files: Record<string, string>): Promise<{ counts: unknown; said: string }> {
  const folder = scratch();
  for (const [name, text] of Object.entries({ 'go.mod': 'module example\n\ngo 1.24\n', ...files })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  const program = `require(${JSON.stringify(resolve('tools/testing/go-tests'))}).goTests(${JSON.stringify(folder)}).then((counts) => console.log('COUNTS' + JSON.stringify(counts)));`;
  const { stdout, stderr } = await capture(process.execPath, ['-r', './tools/build/typescript.cjs', '-e', program]);
  const found = /^COUNTS(.*)$/m.exec(stdout);
  assert.ok(found, stdout + stderr);
  return { counts: JSON.parse(found[1]!), said: stdout + stderr };
}

const testOf = (name: string, body: string) =>
  `package ${name}\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestIt(t *testing.T) {\n\t_ = os.Args\n${body}}\n`;

test('go vet that failed left go test out: the tests run, and each of the two is counted', async () => {
  const { counts, said } = await tested({
    'a/a.go': 'package a\n\nfunc Keep(x int) int {\n\tx = x\n\treturn x\n}\n', // only `go vet` minds, not `go test`
    'a/a_test.go': testOf('a', ''),
  });
  assert.deepEqual(counts, { passed: 1, failed: 1, skipped: 0 });
  assert.match(said, /self-assignment of x/);
});

test('a package that fails once is run again and told; one that fails twice, or cannot be built, has failed', async () => {
  const seen = JSON.stringify(join(scratch(), 'seen'));
  const { counts, said } = await tested({
    'shaky/a_test.go': testOf(
      'shaky',
      `\tif _, err := os.Stat(${seen}); err != nil {\n\t\t_ = os.WriteFile(${seen}, nil, 0o600)\n\t\tt.Fatal("the first time")\n\t}\n`,
    ),
    'bad/a_test.go': testOf('bad', '\tt.Fatal("always")\n'),
    'broken/a_test.go': testOf('broken', '\tnothing()\n'),
  });
  // `go vet` cannot read the broken package either.
  assert.deepEqual(counts, { passed: 1, failed: 3, skipped: 0 });
  assert.match(said, /^passed at the second try: example\/shaky$/m);
  assert.doesNotMatch(said, /second try: example\/(bad|broken)/);
  assert.match(said, /undefined: nothing/);
});
