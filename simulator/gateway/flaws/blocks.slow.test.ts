import assert from 'node:assert/strict';
import { test } from 'node:test';
import { blockOf, type Moment } from '../../../lib/impact';
import { call, chatBody, configure, resetConfig } from '../../client.fixture';
import { runSimulator } from '../../running.fixture';

/*
 * What blocks the event loop, as the engine of `interference` sees it from outside: a call together with bystanders.
 */
const at = runSimulator();

const QUICK = 'ttft=5 rate=1000 jitter=0 chunk=2 tokens=2';
const bystander = async (): Promise<number> => {
  const began = performance.now();
  await call(`${at.base}/no-such-route`);
  return performance.now() - began;
};
const aggressors = {
  nothing: bystander,
  plain: () => call(`${at.base}/chat/completions`, chatBody(QUICK, { stream: false })),
  embedding: () => call(`${at.base}/embeddings`, { model: 'cohere_english_v3', input: `x [[sim ttft=5]]` }),
};

async function moments(aggressor: keyof typeof aggressors, count = 16): Promise<Moment[]> {
  const seen: Moment[] = [];
  for (let at = 0; at < count; at++) {
    const aggression = aggressors[aggressor]();
    seen.push({ at, waits: await Promise.all([bystander(), bystander(), bystander()]) });
    await aggression;
  }
  return seen;
}

test('the engine of interference finds the block of a call and of no other, on one worker and on two', async () => {
  const quiet = await moments('nothing');
  for (const workers of [1, 2]) {
    await configure(at.base, { gateway: { flaws: { block_ms: { embedding: 60 }, workers } } });
    const { value, interval } = blockOf(await moments('embedding'), quiet)!;
    assert.ok(Math.abs(value - 60) <= 30 && interval[0] > 0, `${value} ms with ${workers} workers`);
    assert.ok(blockOf(await moments('plain'), quiet)!.value < 30, 'a plain call is not blamed');
    await resetConfig(at.base);
  }
});
