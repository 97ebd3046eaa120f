import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, chatBody, configure, start, truthOf, until, resetConfig } from '../../client.fixture';
import { runSimulator } from '../../running.fixture';

const at = runSimulator();

const QUICK = 'ttft=5 rate=1000 jitter=0 chunk=2';
const VERTEX = 'gemini-2.0-flash';
const flaws = (patch: object) => configure(at.base, { gateway: { flaws: patch } });

test('flaw empty_200_on_failure off: the stream gets the status', async () => {
  await flaws({ empty_200_on_failure: false });
  assert.equal((await call(at.chat, chatBody('fault=429'))).status, 429);
  assert.equal((await call(at.chat, chatBody('fault=503', { model: VERTEX }))).status, 500);
});

test('flaw internal_retries: the provider is asked again after 429 and 5xx, not after 400', async () => {
  await flaws({ internal_retries: { attempts: 3, delay_ms: 1 } });
  await call(at.chat, chatBody('id=retried fault=503'));
  assert.equal((await truthOf(at.base, 'retried')).provider_calls, 3);
  await call(
    at.chat,
    chatBody('id=once', {
      messages: [{ role: 'user', content: '[[sim id=once]]' }],
      model: 'gemini-2.0-flash',
      stream: false,
      temperature: 0,
      max_tokens: 1,
    }),
  );
  assert.equal((await truthOf(at.base, 'once')).provider_calls, 1);
});

test('flaws of usage and prompt: no_usage, usage_double, system_prompt_tokens_added, max_tokens_ignored', async () => {
  const ask = async (id: string) =>
    (await call(at.chat, chatBody(`id=${id} ${QUICK} tokens=6`, { max_tokens: 3 }))).body;
  await flaws({ no_usage: true });
  assert.doesNotMatch(await ask('u1'), /"usage"/);
  await flaws({ no_usage: false, usage_double: true });
  assert.match(await ask('u2'), /"completion_tokens":6/);
  const bare = (await truthOf(at.provider, 'u2')).prompt_tokens ?? 0;
  await flaws({ usage_double: false, system_prompt_tokens_added: 100, max_tokens_ignored: true });
  assert.match(await ask('u3'), /"completion_tokens":6/);
  const theirs = await truthOf(at.provider, 'u3');
  assert.equal(theirs.prompt_tokens, bare + 100 + 4);
  assert.notEqual(theirs.prompt_sha, (await truthOf(at.base, 'u3')).prompt_sha);
});

test('flaws of delivery: buffering to the end, in time slices, and coalescing', async () => {
  const stamps = async (id: string, patch: object) => {
    await resetConfig(at.base);
    await flaws(patch);
    const seen = await call(at.chat, chatBody(`id=${id} ttft=2 rate=500 jitter=0 chunk=1 tokens=12`));
    assert.equal(seen.data.at(-1), '[DONE]');
    const record = await truthOf(at.base, id);
    assert.equal(record.content_ns.length, 12);
    return new Set(record.content_ns).size;
  };
  assert.equal(await stamps('b1', { buffering: { to_end: true } }), 1);
  assert.ok((await stamps('b2', { buffering: { flush_ms: 10 } })) < 8);
  assert.equal(await stamps('b3', { coalesce: 4 }), 4);
  assert.equal(await stamps('b4', {}), 12);
});

test('flaws of time: overhead before the call and on each chunk are at least what was set', async () => {
  await flaws({ overhead_ms: 40, overhead_chunk_ms: 5 });
  await call(at.chat, chatBody('id=slow ttft=2 rate=100 jitter=0 chunk=1 tokens=5'));
  const [own, theirs] = [await truthOf(at.base, 'slow'), await truthOf(at.provider, 'slow')];
  assert.ok(theirs.received_ns - own.received_ns >= 40e6);
  assert.ok(own.content_ns.every((at, index) => at - (theirs.content_ns[index] ?? Infinity) >= 5e6));
});

test('flaw role_early: the role chunk comes although the provider says nothing', async () => {
  await flaws({ role_early: true });
  const flight = start(at.chat, chatBody('fault=hang_before', { model: VERTEX }));
  await until(() => (flight.body().includes('"role":"assistant"') ? true : undefined));
  flight.leave();
});

test('flaw db_pool, held by calls: one plain call at a time, waiting too long is 500; streams are not held', async () => {
  await flaws({ db_pool: { size: 1, timeout_ms: 60 } });
  const holder = start(at.chat, chatBody('id=holder fault=hang_before', { stream: false }));
  await truthOf(at.provider, 'holder', (record) => record.fault === 'hang_before');
  assert.equal((await call(at.chat, chatBody(`${QUICK} tokens=1`, { stream: false }))).status, 500);
  assert.equal((await call(at.chat, chatBody(`${QUICK} tokens=1`))).status, 200);
  await flaws({ db_pool: { timeout_ms: 60_000 } });
  const queued = start(at.chat, chatBody(`${QUICK} tokens=1`, { stream: false }));
  holder.leave();
  assert.equal((await queued.seen).status, 200);
});

test('flaws of the process: the event loop blocked per call, and a leak', async () => {
  await flaws({ event_loop_block_ms: { bedrock: 50 }, leak_mb_per_call: 8 });
  const before = process.memoryUsage().arrayBuffers;
  await call(at.chat, chatBody(`id=blocked ${QUICK} tokens=1`));
  const record = await truthOf(at.base, 'blocked');
  assert.ok((record.provider_call_ns ?? 0) - record.received_ns >= 50e6);
  assert.ok(process.memoryUsage().arrayBuffers - before >= 8e6);
});

test('flaw usage_added_up: GSAi counts too much where a provider repeats its usage in each chunk; else it counts once', async () => {
  await configure(at.provider, { provider: { models: { '*': { usage_in_each_chunk: true } } } });
  const counted = async (id: string) => {
    const { body } = await call(
      at.chat,
      chatBody(`id=${id} ttft=5 rate=1000 jitter=0 chunk=1 tokens=4`, { model: VERTEX }),
    );
    const usages = [...body.matchAll(/"completion_tokens":(\d+)/g)].map((found) => Number(found[1]));
    assert.equal(body.match(/"usage"/g)?.length, 1, 'the gateway itself tells it once');
    return usages;
  };
  assert.deepEqual(await counted('once'), [4]);
  await flaws({ usage_added_up: true });
  assert.deepEqual(await counted('added'), [1 + 2 + 3 + 4 + 4]);
});

test("flaw db_pool, held by plain calls, GSAi's own: plain calls that hang hold every place, and then no stream gets in either", async () => {
  const wanted = (timeout_ms: number) => flaws({ db_pool: { size: 1, overflow: 1, timeout_ms, hold: 'plain' } });
  await wanted(60);
  const hung = ['h1', 'h2'].map((id) => start(at.chat, chatBody(`id=${id} fault=hang_before`, { stream: false })));
  for (const id of ['h1', 'h2']) await truthOf(at.provider, id, (record) => record.fault === 'hang_before');
  const refused = [
    await call(at.chat, chatBody(`${QUICK} tokens=1`)),
    await call(`${at.base}/embeddings`, { model: 'cohere_english_v3', input: 'x' }),
    await call(`${at.base}/models`),
  ];
  for (const { status, body } of refused) {
    assert.equal(status, 500);
    assert.match(body, /"detail":"QueuePool limit of size 1 overflow 1 reached, connection timed out, timeout 0\.06"/);
  }
  // One place is free again: streams take it for the check of their key alone, so many of them run at once.
  await wanted(60_000);
  hung[0]!.leave();
  const streams = ['s1', 's2', 's3'].map((id) => start(at.chat, chatBody(`id=${id} fault=hang_mid after=1 ttft=2`)));
  for (const id of ['s1', 's2', 's3'])
    await truthOf(at.provider, id, (record) => record.fault !== null || record.content_ns.length > 0);
  assert.equal((await call(`${at.base}/models`, undefined, { key: 'nobody' })).status, 401);
  assert.equal((await call(`${at.base}/models`)).status, 200);
  for (const flight of [...streams, hung[1]!]) flight.leave();
});

/** How long a call takes, ms. */
async function timed(ask: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await ask();
  return performance.now() - begun;
}

test('flaws body_block, answer_block and log: what they cost grows with the size as told, and is nothing without them', async () => {
  const plain = (text: string) =>
    call(at.chat, {
      model: 'claude_3_haiku',
      messages: [{ role: 'user', content: `${text} [[sim ttft=1 rate=100000 tokens=50]]` }],
    });
  const large = 'word '.repeat(4096); // 20 KB
  await flaws({ body_block: { ms_per_kb: 0.5, power: 2 } });
  assert.ok((await timed(() => plain(large))) >= 0.5 * 20 ** 2);
  await flaws({ body_block: { ms_per_kb: 0 }, answer_block: { ms_per_kb: 300, power: 1 } });
  assert.ok((await timed(() => plain('short'))) >= 60, 'an answer of a few hundred bytes');
  await flaws({ answer_block: { ms_per_kb: 0 }, log: { block_ms: 50, ms_per_kb: 5 } });
  assert.ok((await timed(() => call(`${at.base}/nowhere`))) >= 50, 'a refused request too');
  assert.ok((await timed(() => plain(large))) >= 150);
});

test('flaw over_limit: a prompt over the limit gets nothing, is cut to fit, or waits until its client leaves', async () => {
  await configure(at.base, { provider: { models: { claude_3_haiku: { context_limit: 100 } } } });
  const body = (stream: boolean) => ({
    model: 'claude_3_haiku',
    stream,
    messages: [{ role: 'user', content: `${'word '.repeat(200)}[[sim id=over ttft=1 rate=100000]]` }],
  });
  await flaws({ over_limit: 'empty' });
  const empty = await call(at.chat, body(true));
  assert.deepEqual([empty.status, empty.body], [200, '']);
  await flaws({ over_limit: 'truncate' });
  const cut = await call(at.chat, body(false));
  assert.equal(cut.status, 200);
  const { usage } = JSON.parse(cut.body) as { usage: { prompt_tokens: number } };
  assert.ok(usage.prompt_tokens <= 100 && usage.prompt_tokens > 80, String(usage.prompt_tokens));
  await flaws({ over_limit: 'hang' });
  const flight = start(at.chat, body(true));
  await until(async () => (await truthOf(at.base, 'over')).outcome === 'failed');
  flight.leave();
});

test('flaws auth and cache: a key or model that is not known costs its look-up, one that is known does not', async () => {
  const list = () => timed(() => call(`${at.base}/models`));
  await flaws({ auth: { lookup_ms: 200, cache_s: 0 } });
  assert.ok((await list()) >= 199 && (await list()) >= 199, 'each time');
  await flaws({ auth: { cache_s: 60 } });
  await list();
  assert.ok((await list()) < 199);
  await flaws({ auth: { lookup_ms: 0 }, cache: { model_miss_ms: 200, size: 1 } });
  const model = (name: string) =>
    timed(() => call(at.chat, chatBody(`${QUICK} tokens=1`, { model: name, stream: false })));
  await model('claude_3_haiku');
  assert.ok((await model('claude_3_haiku')) < 199);
  assert.ok((await model(VERTEX)) >= 199);
  assert.ok((await model('claude_3_haiku')) >= 199, 'one model is kept, so the other has put it out');
});

test('flaws embedding_split and vector: a call for each text, and vectors that are wrong as told', async () => {
  const embed = async (input: string[]) =>
    (await call(`${at.base}/embeddings`, { model: 'cohere_english_v3', input })).body;
  const vectorsOf = (body: string) =>
    (JSON.parse(body) as { data: { embedding: number[]; index: number }[] }).data.map((each) => each);
  const texts = ['[[sim ttft=1]] one', 'two', 'three'];
  const right = vectorsOf(await embed(texts));
  await flaws({ embedding_split: { on: true } });
  const split = vectorsOf(await embed(texts));
  assert.deepEqual(split, right);
  await embed(['[[sim id=counted ttft=1]] one', 'two', 'three']);
  assert.equal((await truthOf(at.base, 'counted')).provider_calls, 3);
  await flaws({ embedding_split: { on: false }, vector: 'wrong_length' });
  assert.deepEqual(
    vectorsOf(await embed(texts)).map(({ embedding }) => embedding.length),
    [1024, 1024, 1023],
  );
  await flaws({ vector: 'swapped' });
  const swapped = vectorsOf(await embed(texts));
  assert.deepEqual([swapped[0]?.embedding, swapped[1]?.embedding], [right[1]?.embedding, right[0]?.embedding]);
  await flaws({ vector: 'nan' });
  assert.match(await embed(texts), /"embedding":\[NaN,/);
  await flaws({ vector: 'unstable' });
  assert.notDeepEqual(vectorsOf(await embed(texts)), vectorsOf(await embed(texts)));
});

test('flaw chunk: each chunk is later than the one before it by what it costs', async () => {
  await flaws({ chunk: { cpu_us: 2000, growth_us: 1000 } });
  const took = await timed(() => call(at.chat, chatBody('ttft=1 rate=100000 jitter=0 chunk=1 tokens=20')));
  assert.ok(took >= 20 * 2 + 190, String(took));
});

test('the provider fails near its limit, stands still once, and begins sooner with a prompt that it knows', async () => {
  const set = (model: object) => configure(at.base, { provider: { models: { claude_3_haiku: model } } });
  const ask = (content: string) =>
    call(`${at.provider}/chat/completions`, { model: 'claude_3_haiku', messages: [{ role: 'user', content }] });
  await set({
    context_limit: 300,
    near_limit: { from: 0.5, failure_share: 1 },
    ttft_ms: 1,
    tokens_per_second: 100_000,
  });
  assert.equal((await ask('word '.repeat(100))).status, 200);
  assert.ok((await ask('word '.repeat(200))).status >= 500);
  await set({ near_limit: { failure_share: 0 }, stall: { share: 1, ms: 200 } });
  assert.ok((await timed(() => ask('word'))) >= 200);
  await set({ stall: { share: 0 }, context_limit: 100_000, ttft_ms: 150, cached_prefix_ttft_ms: 1 });
  const long = 'word '.repeat(1200);
  assert.ok((await timed(() => ask(`${long} first`))) >= 149);
  assert.ok((await timed(() => ask(`${long} second`))) < 149);
});
