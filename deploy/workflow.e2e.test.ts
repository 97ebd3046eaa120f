import assert from 'node:assert/strict';
import { test } from 'node:test';
import { capture } from '../tools/programs/process';

test('actionlint finds nothing in the workflows', async () => {
  const { code, stdout, stderr } = await capture('go', [
    'run',
    'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
    '.github/workflows/release.yml',
    'deploy/ci/github.yml',
  ]);
  assert.equal(code, 0, stdout + stderr);
});
