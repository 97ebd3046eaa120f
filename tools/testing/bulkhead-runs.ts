import assert from 'node:assert/strict';
import { after, afterEach, before } from 'node:test';
import { undisturbed, why } from './k6';
import { startSimulator, type Simulator } from '../programs/simulator';

/** For a file of tests of bulkhead: a simulator for all of them, and a function that runs the script with flaws on. */
export function bulkheadRuns() {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.reset());
  after(() => simulator.stop());

  return async function run(flaws: object, DURATION: string, RATE = '160') {
    const quick = { ttft_ms: 60, tokens_per_second: 400, jitter: 0, output_tokens: 31 };
    await simulator.configure({
      provider: { models: { claude_3_haiku: quick, 'gemini-2.0-flash': quick } },
      gateway: { flaws },
    });
    const {
      run: record,
      stdout,
      stderr,
    } = await undisturbed('dist/bulkhead.js', {
      env: { BASE_URL: simulator.gateway, PROVIDER_URL: simulator.provider, API_KEY: 'gsai-sim-key', RATE, DURATION },
    });
    assert.ok(record, stdout + stderr);
    const finding = (id: string) => record.findings.find((each) => each.id === id)!;
    return { record, why: why(record), finding, stdout };
  };
}
