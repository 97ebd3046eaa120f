import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { capture } from '../programs/process';
import { type Simulator, startSimulator } from '../programs/simulator';

/** What `xk6 lint` and k6's registry of extensions ask of xk6-sse/ as far as files can show it. */
let simulator: Simulator;
before(async () => {
  simulator = await startSimulator();
});
after(() => simulator.stop());

for (const example of readdirSync('xk6-sse/examples'))
  test(`xk6-sse/examples/${example} runs, and all its checks hold`, async () => {
    const given = [`BASE_URL=${simulator.gateway}`, 'API_KEY=gsai-sim-key', 'MODEL=claude_3_haiku'];
    const { code, stdout, stderr } = await capture(
      'bin/k6',
      ['run', '--no-color', `xk6-sse/examples/${example}`, ...given.flatMap((each) => ['-e', each])],
      { env: { ...process.env, K6_AUTO_EXTENSION_RESOLUTION: 'false', K6_NO_USAGE_REPORT: 'true' } },
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /checks_succeeded\.*: 100\.00%/);
  });

test('xk6-sse has a licence of its own, types where k6 looks for them, and no module is replaced', () => {
  assert.equal(readFileSync('xk6-sse/LICENSE', 'utf8'), readFileSync('LICENSE', 'utf8'));
  assert.ok(existsSync('xk6-sse/index.d.ts'));
  assert.doesNotMatch(readFileSync('xk6-sse/go.mod', 'utf8'), /^replace /m);
});
