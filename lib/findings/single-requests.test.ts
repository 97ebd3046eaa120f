import assert from 'node:assert/strict';
import { test } from 'node:test';
import { note, record } from '../truth/join.fixture';
import type { RequestDetail, RequestNote, TruthRecord } from '../truth';
import { cacheBlock, cachingFindings } from './caching';
import { embeddingFindings } from './embeddings';
import type { Observed } from './observed';
import { pipelineFindings } from './pipeline';
import { streamingFindings } from './streaming';

/*
 * The findings of streaming, embeddings, pipeline and caching, on made data: their tests against the reference gateway
 * are beside the scripts.
 */

const observed = (requests: RequestNote[], truth?: TruthRecord[]) =>
  ({ requests, truth, timeline: [] }) as Partial<Observed> as Observed;
const told = (found: readonly { id: string; text: string }[], id: string) =>
  found.find((each) => each.id === id)?.text ?? '';

/** Streams of 20 chunks, 30 ms apart at the provider; `held` ms are added at chunk 10 by the provider or the gateway. */
function streams(count: number, held: { provider?: number; gateway?: number }, collect = 1) {
  const [requests, truth]: [RequestNote[], TruthRecord[]] = [[], []];
  for (let i = 0; i < count; i++) {
    const made = Array.from({ length: 20 }, (_, k) => 1100e6 + k * 30e6 + (k >= 10 ? (held.provider ?? 0) * 1e6 : 0));
    const came = made.map((_, k) => {
      const last = Math.min(made.length - 1, Math.floor(k / collect) * collect + collect - 1);
      return (made[last]! - 1000e6) / 1e6 + 3 + (k >= 10 ? (held.gateway ?? 0) : 0);
    });
    const own = { offsets: came, completionTokens: 20, served: i } satisfies Partial<RequestDetail>;
    requests.push(note({ id: `r${i}`, index: i, ttft: came[0]!, e2e: came[19]!, end: came[19]! + 1 }, own));
    truth.push(record({ id: `r${i}`, seq: i, content_ns: made, completion_tokens: 20 }));
  }
  return observed(requests, truth);
}

test("a stall is the provider's where it stood still itself, and the gateway's where it did not, in heaps too", () => {
  assert.match(
    told(streamingFindings(streams(20, { provider: 400 })), 'stalls'),
    /^20 of 20 .* 20 the provider's, 0 the gateway's/,
  );
  assert.match(
    told(streamingFindings(streams(20, { gateway: 400 })), 'stalls'),
    /^20 of 20 .* 0 the provider's, 20 the gateway's/,
  );
  assert.match(
    told(streamingFindings(streams(20, { provider: 400 }, 4)), 'stalls'),
    / 20 the provider's, 0 the gateway's/,
  );
  assert.match(told(streamingFindings(streams(20, {})), 'stalls'), /^none of 20 streams stands still/);
});

test("heaps are seen without any provider's record, and chunks that come one by one are none", () => {
  const from = (collect: number) => streamingFindings({ ...streams(10, {}, collect), truth: undefined });
  assert.match(told(from(4), 'heaps'), /^chunks come in groups of 4\.0 every 120 ms/);
  assert.match(told(from(20), 'heaps'), /^10 of 10 streams come in one piece/);
  assert.match(told(from(1), 'heaps'), /^chunks come one by one/);
});

test('TwentyMillionTokensASecond: a stream that came in two reads at the same moment came in one piece, and has no rate', () => {
  const { requests } = streams(10, {});
  const atOnce = requests.map((each) => ({
    ...each,
    detail: { ...each.detail!, offsets: each.detail!.offsets.map((_, i) => (i === 0 ? 900 : 900.3)) },
  }));
  const found = streamingFindings({ ...streams(10, {}), requests: atOnce, truth: undefined });
  assert.match(told(found, 'heaps'), /^10 of 10 streams come in one piece/);
  assert.match(told(found, 'token-rate'), /come in one piece, so they have no rate/);
});

test('a gateway that stood still once in a stream "collected chunks before they were passed on": that is another cause', () => {
  const { requests } = streams(10, {});
  const held = requests.map((each) => {
    const detail = each.detail!;
    const { offsets } = detail;
    return {
      ...each,
      detail: { ...detail, offsets: offsets.map((at, i) => (i >= 10 && i < 16 ? offsets[15]! : at)) },
    };
  });
  assert.match(
    told(streamingFindings(observed(held)), 'heaps'),
    /^most chunks come one by one, but after a pause several at once, 1\.33 at a time .* something stands still/,
  );
});

/** Answers to batches, with what was seen of their vectors. */
const batches = (seen: Partial<NonNullable<RequestDetail['vectors']>>[]) =>
  observed(
    seen.map((each, i) =>
      note(
        { id: `e${i}`, index: i, phase: 'batch' },
        {
          kind: 'embedding',
          texts: 2,
          vectors: { count: 2, length: 4, uneven: 0, notFinite: 0, outOfOrder: 0, hash: 'h', ...each },
        },
      ),
    ),
  );

test('vectors: each thing that is wrong is counted by its name, and an answer with two of them once', () => {
  const usual = Array.from({ length: 17 }, () => ({}));
  const found = embeddingFindings(
    batches([...usual, { uneven: 1, notFinite: 1 }, { hash: 'other' }, { outOfOrder: 2 }]),
  );
  assert.equal(
    told(found, 'vectors-wrong'),
    'of 20 answers 1 have vectors that are not 4 long, 1 have numbers that are not finite, 1 have vectors out of order, 1 have another vector for the same text, or in its place',
  );
  assert.equal(found.find(({ id }) => id === 'vectors-wrong')!.value, 3 / 20);
  assert.match(
    told(embeddingFindings(batches(usual)), 'vectors-wrong'),
    /^all vectors of 17 answers are 4 long, finite and in order/,
  );
});

test('a batch that is split is told with the number of its calls, and whether they ran side by side', () => {
  const { requests } = batches([{}]);
  const call = (seq: number, from: number) =>
    record({ id: 'e0', seq, received_ns: from * 1e6, end_ns: (from + 10) * 1e6 });
  const text = (...from: number[]) =>
    told(
      embeddingFindings(
        observed(
          [...requests],
          from.map((at, i) => call(i, at)),
        ),
      ),
      'batch-split',
    );
  assert.match(text(0, 20), /^1 of 1 batches are split: one of 2 texts becomes 2 calls, one after the other/);
  assert.match(text(0, 5), /becomes 2 calls, up to 2 of them at once/);
  assert.match(text(0), /^each of 1 batches is one call/);
});

/** Rounds of refusals that take what their stages take. */
function refusals(rounds: number, keyMs: number, bodyMs: (kb: number) => number): RequestNote[] {
  const takes: [string, number][] = [
    ['wrong-path', 2],
    ['wrong-key', 2 + keyMs],
    ...[1, 16, 64, 256, 1024].map((kb, i): [string, number] => [
      ['body-1k', 'body-16k', 'body-64k', 'body-256k', 'body-1m'][i]!,
      2 + keyMs + bodyMs(kb),
    ]),
  ];
  return Array.from({ length: rounds }, (_, round) =>
    takes.map(([size, ms], i) =>
      note(
        { index: round * takes.length + i, e2e: ms * (1 + 0.02 * ((round * 7 + i) % 5)) },
        { kind: 'refused', size },
      ),
    ),
  ).flat();
}

test('pipeline: the look-up of a key is what a wrong key takes longer than a wrong path; parsing has its law', () => {
  const found = pipelineFindings(observed(refusals(15, 30, (kb) => 0.0002 * kb ** 2)));
  assert.match(told(found, 'key-look-up'), /^the look-up of a key takes 3\d\.\d ms \[[23]\d\.\d, 3\d\.\d\]/);
  assert.match(told(found, 'body-growth'), /it grows faster than the size \(power (1\.9|2\.0)/);
  const none = pipelineFindings(observed(refusals(15, 0, () => 0.01)));
  assert.match(told(none, 'key-look-up'), /^the look-up of a key does not show/);
  assert.equal(none.find(({ id }) => id === 'body-growth')!.value, 0);
});

test('caching: what a block asks anew is held against what another asks again; the first request of a block does not count', () => {
  const cases = ['one-model', 'models-in-turn', 'one-wrong-key', 'new-keys'];
  const requests = Array.from({ length: 20 * cases.length * cacheBlock }, (_, index) => {
    const block = Math.floor(index / cacheBlock);
    const size = cases[block % cases.length]!;
    const first = index % cacheBlock === 0;
    const e2e = 3 + (index % 3) * 0.1 + (first ? 500 : 0) + (size === 'models-in-turn' ? 40 : 0);
    return note({ index, e2e }, { kind: 'refused', size });
  });
  const found = cachingFindings(observed(requests));
  assert.match(
    told(found, 'model-cache'),
    /^models in turn cost (39|40)\.\d ms \[\d\d\.\d, \d\d\.\d\] more than one model again and again/,
  );
  assert.match(told(found, 'key-cache'), /^no difference between a key that is new and one that was just used/);
});

test('caching: what the header of the answers says of a cache of the gateway’s, and a header that tells nothing', () => {
  const cases = ['same-prompt', 'same-prefix', 'new-prompts'];
  const from = (hit: (size: string, within: number) => boolean | undefined) => {
    const requests = Array.from({ length: 3 * cases.length * cacheBlock }, (_, index) => {
      const size = cases[Math.floor(index / cacheBlock) % cases.length]!;
      return note({ index, cached: hit(size, index % cacheBlock) }, { kind: 'chat', size });
    });
    return cachingFindings(observed(requests)).find(({ id }) => id === 'gateway-cache');
  };
  const exact = from((size, within) => size === 'same-prompt' && within > 0)!;
  assert.equal(exact.value, 1);
  assert.match(exact.text, /answered 21 of 21 prompts that were just sent as a whole, 0 of 21 .* measures this cache$/);
  assert.match(from((size) => size !== 'new-prompts')!.text, /since they are like others: such an answer/);
  assert.match(from(() => false)!.text, /no cache of the gateway's gave one: 0 of 21 prompts/);
  assert.equal(from(() => true)!.value, null);
  assert.match(from(() => true)!.text, /it does not tell a hit/);
  assert.equal(
    from(() => undefined),
    undefined,
    'without CACHE_HEADER nothing is said',
  );
});

test('"streams keep their pace" stood beside a change of 6.2 ms: few streams that differ say that it is not known', () => {
  /** Streams of 40 chunks, of which the gaps of the second half are longer by so many ms. */
  const pace = (longer: readonly number[]) =>
    told(
      streamingFindings(
        observed(
          longer.map((ms, i) => {
            const offsets = Array.from({ length: 40 }, (_, k) => 100 + k * 30 + Math.max(0, k - 20) * ms);
            const [ttft, e2e] = [offsets[0]!, offsets[39]!];
            return note({ id: `r${i}`, index: i, ttft, e2e, end: e2e + 1 }, { offsets, completionTokens: 40 });
          }),
        ),
      ),
      'slows-along',
    );
  assert.match(pace(Array<number>(40).fill(5)), /^streams slow down along their way: .* is 5\.0 ms \[5\.0, 5\.0\]/);
  assert.match(pace(Array<number>(40).fill(0)), /^streams keep their pace/);
  assert.match(pace([-10, 0, 6, 8, 12, 30]), /^whether streams keep their pace is not known: .*, in 6 streams$/);
});

test('HeldAtFirst: chunks that come fast after a wait, and then as the provider sends them, do not slow down along the way', () => {
  const slows = (came: (made: number, k: number) => number) => {
    const requests: RequestNote[] = [];
    const truth: TruthRecord[] = [];
    for (let i = 0; i < 40; i++) {
      const made = Array.from({ length: 40 }, (_, k) => 100 + k * 30);
      const offsets = made.map(came);
      const [ttft, e2e] = [offsets[0]!, offsets[39]!];
      requests.push(
        note({ id: `r${i}`, index: i, ttft, e2e, end: e2e + 1 }, { offsets, completionTokens: 40, served: i }),
      );
      const content_ns = made.map((ms) => (1000 + ms) * 1e6);
      truth.push(record({ id: `r${i}`, seq: i, content_ns, completion_tokens: 40 }));
    }
    return told(streamingFindings(observed(requests, truth)), 'slows-along');
  };
  // What came within the first 400 ms is handed on from then on, 5 ms apart, until the provider is caught up with.
  assert.match(
    slows((made, k) => Math.max(made + 3, 400 + 5 * k)),
    /^streams keep their pace/,
  );
  assert.match(
    slows((made, k) => made + 3 + 0.2 * k * k),
    /^streams slow down along their way/,
  );
});
