import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sound, undisturbed, why } from '../../tools/testing/k6';
import { strictGateway } from '../../tools/testing/strict';

test('answers whose first byte takes 45 s and whose stream takes 3 minutes all end and are counted, those at the end of the load too', async () => {
  const gateway = await strictGateway({ rule: () => undefined, first: 45_000, gap: 60_000 });
  try {
    const env = {
      ...{ BASE_URL: gateway.base, API_KEY: 'none', MODEL: 'one', KINDS: 'chat', RATE: '1', VUS: '20', DURATION: '6s' },
      ...{ FIRST_TIMEOUT: '60s', IDLE_TIMEOUT: '90s', TOTAL_TIMEOUT: '5m' },
    };
    const run = sound(await undisturbed('dist/ttft.js', { env }));
    assert.ok(run.counts.started >= 5, why(run));
    assert.equal(run.counts.finished, run.counts.started, why(run));
    const all = (metric: 'llm_ttft' | 'llm_e2e') =>
      run.metrics[metric]!.find(({ tags }) => Object.keys(tags).length === 0)!.p50!;
    assert.ok(all('llm_ttft') >= 45_000 && all('llm_ttft') < 46_000, `${all('llm_ttft')} ms`);
    assert.ok(all('llm_e2e') >= 225_000 && all('llm_e2e') < 228_000, `${all('llm_e2e')} ms`);
  } finally {
    gateway.close();
  }
});
