import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { k6 } from '../tools/k6';
import { startSimulator, type Simulator } from '../tools/processes';

/*
 * Behaviours of the GSAi gateway that no other test of a script has on: see the table in simulator/README.md.
 */
let simulator: Simulator;
before(async () => {
  simulator = await startSimulator();
});
after(() => simulator.stop());

test('a pool held during plain calls: embeddings wait and streams do not', async () => {
  await simulator.configure({ provider: { models: { cohere_english_v3: { ttft_ms: 60 } } }, gateway: { flaws: { plain_pool: { size: 1, timeout_ms: 30_000 } } } });
  const { run, stdout, stderr } = await k6('dist/mixed.js', { env: { BASE_URL: simulator.gateway, API_KEY: 'gsai-sim-key', RATE: '90', DURATION: '10s' } });
  assert.ok(run, stdout + stderr);
  assert.equal(run.verdict, 'FAIL', stdout);
  const of = (name: string) => run.objectives.find((objective) => objective.name === name);
  assert.equal(of('single embedding p95')!.ok, false, stdout);
  assert.ok(of('TTFT p95, short chats')!.measured! < of('single embedding p95')!.measured!, stdout);
  assert.match(run.reasons.map((reason) => reason.text).join('\n'), /single embedding p95: measured \d+.*, wanted < 100/);
});
