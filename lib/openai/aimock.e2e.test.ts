import { LLMock } from '@copilotkit/aimock';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tell, type Told } from '../../tools/testing/outcomes';

/*
 * A mock server that nobody here wrote, with timings of its own: 300 ms until it begins, then a chunk every 1/25 s. It
 * begins with a role-only chunk, which is no token: its "ttft" is our first chunk, and our time to first token one gap
 * later. Node's timers fire up to some ms late and never early, so the set times are lower bounds, and the upper ones
 * leave room.
 */
const set = { ttft: 300, tps: 25 };
const gap = 1000 / set.tps;
const chunks = 30;
/** What must be measured, ms: at least what was set (a timer counts whole ms), at most a tenth more. */
const wanted = { llm_first_chunk: set.ttft, llm_ttft: set.ttft + gap, llm_inter_chunk: gap };
const room = (value: number) => [value - 1, value * 1.1] as const;
const mock = new LLMock({ port: 0, logLevel: 'silent' });
let told: Told;

before(async () => {
  mock.onMessage(
    /.*/,
    { content: 'ten chars.'.repeat(chunks) },
    { chunkSize: 10, streamingProfile: { ...set, jitter: 0 } },
  );
  await mock.start();
  // The mock runs in this process and is cold at first, and all streams of a wave meet the same moment of this machine:
  // the mock was seen to begin 40 ms late for all five. So up to four waves; a fault of ours would be in each.
  for (let wave = 1; wave <= 4; wave++) {
    told = await tell(
      Array.from({ length: 5 }, (_, i) => ({ name: `stream ${i}`, base: `${mock.url}/v1`, prompt: 'hello' })),
    );
    if (Object.entries(wanted).every(([metric, value]) => middle(metric) <= room(value)[1])) break;
  }
});
after(() => mock.stop());

/** The metric's mean in each stream, in order; the middle one is the least disturbed by this machine. */
function middle(metric: string): number {
  const values = told.measured
    .filter((row) => row.metric === metric)
    .map((row) => row.value)
    .sort((a, b) => a - b);
  assert.equal(values.length, 5, `${metric} was measured in every stream`);
  return values[2]!;
}

function isAsSet(metric: keyof typeof wanted): void {
  const value = middle(metric);
  const [low, high] = room(wanted[metric]);
  assert.ok(value >= low && value <= high, `${value.toFixed(2)} is not within ${low} .. ${high}`);
}

test('all streams are ok', () =>
  assert.deepEqual(
    told.counted.map((row) => row.outcome),
    Array<string>(5).fill('ok'),
  ));
test('its begin is our first chunk', () => isAsSet('llm_first_chunk'));
test('its first content is our first token', () => isAsSet('llm_ttft'));
test('its rate is our gap between chunks, of every chunk', () => {
  isAsSet('llm_inter_chunk');
  assert.ok(told.measured.filter((row) => row.metric === 'llm_inter_chunk').every((row) => row.count === chunks - 1));
});
