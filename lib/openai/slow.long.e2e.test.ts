import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { sound, undisturbed, why } from '../../tools/testing/k6';
import { strictGateway } from '../../tools/testing/strict';

/** A word each 5 s for 3 minutes, after 45 s of silence. */
async function slowly(response: ServerResponse): Promise<void> {
  const say = (event: object) => response.write(`data: ${JSON.stringify(event)}\n\n`);
  await pause(45_000);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (let word = 0; word < 37; word++) {
    if (word > 0) await pause(5_000);
    say({ choices: [{ delta: { content: 'word ' }, finish_reason: null }] });
  }
  say({ choices: [{ delta: {}, finish_reason: 'stop' }] });
  response.end('data: [DONE]\n\n');
}

test('answers whose first byte takes 45 s and whose stream takes 3 minutes all end and are counted, those at the end of the load too', async () => {
  const gateway = await strictGateway({
    rule: () => undefined,
    answer: ({ route }, response) => {
      if (route === '/chat/completions') void slowly(response);
      return route === '/chat/completions';
    },
  });
  try {
    const env = {
      ...{ BASE_URL: gateway.base, API_KEY: 'none', MODEL: 'one', KINDS: 'chat', RATE: '1', VUS: '20', DURATION: '6s' },
      ...{ FIRST_TIMEOUT: '60s', TOTAL_TIMEOUT: '5m' },
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
