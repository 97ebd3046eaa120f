import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharedSimulator } from '../tools/testing/shared-simulator';
import { sound, undisturbed, why } from '../tools/testing/k6';

/*
 * interference against the reference gateway: which kind blocks the event loop, and for how long, on one worker or two.
 */
const simulator = sharedSimulator();

async function run(flaws: object) {
  const chat = { ttft_ms: 100, tokens_per_second: 400, jitter: 0, output_tokens: 61 };
  await simulator().configure({
    provider: { models: { claude_3_haiku: chat, cohere_english_v3: { ttft_ms: 50, dimensions: 8 } } },
    gateway: { flaws },
  });
  const ran = await undisturbed('dist/interference.js', {
    env: {
      BASE_URL: simulator().gateway,
      PROVIDER_URL: simulator().provider,
      API_KEY: 'gsai-sim-key',
      TIME_SCALE: '0.15',
    },
  });
  const record = sound(ran);
  const finding = (id: string) => record.findings.find((each) => each.id === id)!;
  return { record, finding, told: `${record.verdict}\n${why(record)}\n${ran.stdout}` };
}

const within = (value: number | null, wanted: number, told: string) =>
  assert.ok(value !== null && Math.abs(value - wanted) <= 0.2 * wanted, `${value}, wanted ${wanted}\n${told}`);

for (const ms of [200, 40])
  test(`each call blocks the event loop for ${ms} ms: found within 20 %, and the kinds are named`, async () => {
    const { record, finding, told } = await run({ event_loop_block_ms: { bedrock: ms, vertex: 0 } });
    assert.equal(record.verdict, 'FAIL', told);
    within(finding('block-plain').value, ms, told);
    within(finding('block-stream').value, ms, told);
    assert.match(told, /each plain call blocks the event loop \(or the only core\) for \+\d+ ms/);
    assert.ok(finding('block-list').value! < ms / 4, told);
  });

test('a blocking call for embeddings is named, on two workers too, and chats are not blamed', async () => {
  for (const workers of [1, 2]) {
    const { record, finding, told } = await run({ block_ms: { embedding: 80 }, workers });
    assert.equal(record.verdict, 'FAIL', told);
    within(finding('block-embedding').value, 80, told);
    assert.match(told, /each call for an embedding blocks the event loop .*must not be a blocking one/);
    assert.ok(finding('block-plain').value! < 20, told);
    await simulator().reset();
  }
});

test('with nothing that blocks, no kind is blamed', async () => {
  const { finding, told } = await run({});
  for (const kind of ['stream', 'plain', 'embedding', 'list', 'refused'])
    assert.ok(finding(`block-${kind}`).interval![0] < 3, told);
  assert.equal(finding('common-stalls').value, 0, told);
});

test('a model list that blocks the loop is named', async () => {
  const lists = await run({ block_ms: { models: 60 } });
  within(lists.finding('block-list').value, 60, lists.told);
  assert.match(
    lists.told,
    /each model list blocks the event loop .*what it looks up or writes must not be a blocking call/,
  );
  assert.ok(lists.finding('block-plain').value! < 15, lists.told);
});

test('a background task is found by stalls with no request at fault', async () => {
  const task = await run({ pauses: { every_ms: 400, ms: 150 } });
  assert.match(
    task.told,
    /everything stands still about every 0\.\d s for about \d+ ms, with no request at fault .*: a garbage collection, a background task/,
  );
});

test('a queue whose writing blocks the loop is found by the same stalls', async () => {
  const billing = await run({ billing: { per_s: 1000, kb: 1, block_ms: 150, every_s: 0.4 } });
  assert.match(
    billing.told,
    /everything stands still about every 0\.\d s for about \d+ ms, with no request at fault .*: a garbage collection, a background task/,
  );
});
