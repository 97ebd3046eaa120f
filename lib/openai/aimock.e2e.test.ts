import { LLMock } from '@copilotkit/aimock';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tell, type Told } from '../../tools/tell';

/*
 * A mock server that nobody here wrote, with timings of its own: 300 ms until it begins, then a chunk every 1/25 s. It begins
 * with a role-only chunk, which is no token: its "ttft" is our first chunk, and our time to first token one gap later.
 * Node's timers fire up to some ms late and never early, so the set times are lower bounds, and the upper ones leave room.
 */
const set = { ttft: 300, tps: 25 };
const gap = 1000 / set.tps;
const chunks = 30;
const mock = new LLMock({ port: 0, logLevel: 'silent' });
let told: Told;

before(async () => {
  mock.onMessage(/.*/, { content: 'ten chars.'.repeat(chunks) }, { chunkSize: 10, streamingProfile: { ...set, jitter: 0 } });
  await mock.start();
  told = await tell(Array.from({ length: 5 }, (_, i) => ({ name: `stream ${i}`, base: `${mock.url}/v1`, prompt: 'hello' })));
});
after(() => mock.stop());

/** The metric's mean in each stream, in order; the middle one is the least disturbed by this machine. */
function middle(metric: string): number {
  const values = told.measured.filter((row) => row.metric === metric).map((row) => row.value).sort((a, b) => a - b);
  assert.equal(values.length, 5, `${metric} was measured in every stream`);
  return values[2]!;
}

function within(value: number, low: number, high: number): void {
  assert.ok(value >= low && value <= high, `${value.toFixed(2)} is not within ${low} .. ${high}`);
}

test('all streams are ok', () => assert.deepEqual(told.counted.map((row) => row.outcome), Array<string>(5).fill('ok')));
test('its begin is our first chunk', () => within(middle('llm_first_chunk'), set.ttft - 1, set.ttft * 1.1));
test('its first content is our first token', () => within(middle('llm_ttft'), set.ttft + gap - 1, (set.ttft + gap) * 1.1));
test('its rate is our gap between chunks, of every chunk', () => {
  within(middle('llm_inter_chunk'), gap - 1, gap * 1.1);
  assert.ok(told.measured.filter((row) => row.metric === 'llm_inter_chunk').every((row) => row.count === chunks - 1));
});
