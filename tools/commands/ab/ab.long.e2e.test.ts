import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { capture } from '../../programs/process';
import { scratch } from '../../programs/scratch';
import { startSimulator } from '../../programs/simulator';

test('two real gateways of which one is 60 % slower: ab finds it, tells the noise of the base against itself, and keeps every block', async () => {
  const [base, slow] = [await startSimulator(), await startSimulator()];
  try {
    await slow.configure({ provider: { models: { '*': { ttft_ms: [320, 480] } } } });
    await base.configure({ provider: { models: { '*': { ttft_ms: [200, 300] } } } });
    const out = join(scratch(), 'ab');
    const sides = ['--base', base.gateway, '--new', slow.gateway];
    const load = ['--script', 'ttft', '-e', 'API_KEY=gsai-sim-key', '-e', 'RATE=20', '--block', '2s', '--limit', '2m'];
    const { code, stdout, stderr } = await capture(process.execPath, [
      'tools/run.mjs',
      'ab',
      ...sides,
      ...load,
      '--out',
      out,
    ]);
    assert.equal(code, 99, stdout + stderr);
    assert.match(stdout, /WORSE/);
    assert.match(stdout, /TTFT p50 \(load, chat\): \+[4-8]\d\.\d %/);
    assert.match(stdout, /The base against itself, the noise of this machine and target:/);
    assert.match(stdout, /decided after \d+ pairs/);
    const blocks = readdirSync(out);
    assert.ok(
      blocks.includes('warm-up-base') && blocks.filter((name) => name.startsWith('look')).length >= 8,
      `${blocks}`,
    );
  } finally {
    await Promise.all([base.stop(), slow.stop()]);
  }
});
