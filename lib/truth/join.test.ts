import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servedBy, type RequestDetail } from './detail';
import { join, overhead } from './join';
import { withId, type RequestNote } from './note';
import { overheadFindings } from './overhead';
import type { TruthRecord } from './record';

/**
 * Sent at 1000 ms; the provider has the request at 1002, writes at 1042, 1062, 1082, and each chunk is 3 ms on its way.
 */
const detail: RequestDetail = {
  kind: 'chat',
  size: 'small',
  key: 1,
  sentAt: 1000e6,
  ttfb: 4,
  firstChunk: 4,
  offsets: [45, 65, 85],
  served: 2,
  sentTokens: 0,
  promptTokens: 9,
  completionTokens: 7,
  texts: 0,
  maxTokens: 0,
  retryAfter: '',
};
const note = (change: Partial<RequestNote> = {}, more: Partial<RequestDetail> = {}): RequestNote => ({
  id: 'x',
  index: 0,
  phase: 'load',
  model: 'm',
  sent: 0,
  ttft: 45,
  e2e: 85,
  end: 86,
  outcome: 'ok',
  status: 200,
  chunks: 3,
  words: 7,
  gap: 20,
  gapMax: 20,
  detail: { ...detail, ...more },
  ...change,
});
const record = (change: Partial<TruthRecord> = {}): TruthRecord => ({
  seq: 2,
  id: 'x',
  model: 'm',
  wire: 'openai',
  region: '-',
  received_ns: 1002e6,
  first_byte_ns: 1003e6,
  content_ns: [1042e6, 1062e6, 1082e6],
  end_ns: 1083e6,
  status: 200,
  fault: null,
  prompt_tokens: 9,
  completion_tokens: 7,
  client_gone_ns: null,
  outcome: 'ok',
  ...change,
});

test("a gateway's part of the time to first token is what the client waited less what the provider took", () => {
  const [joined] = join([note()], [record()]);
  assert.deepEqual(overhead(joined!), {
    ttft: 5,
    before: 2,
    after: 3,
    chunks: [3, 3, 3],
    chunksIn: 3,
    chunksOut: 3,
    arrivals: 3,
  });
});

test('of several calls the one that the first token names is the one that served', () => {
  const failed = record({ seq: 1, received_ns: 1001e6, status: 503, content_ns: [], outcome: 'fault' });
  const other = record({ seq: 3, received_ns: 1005e6 });
  const [joined] = join([note()], [other, record(), failed]);
  assert.deepEqual([joined!.served!.seq, joined!.calls.map(({ seq }) => seq)], [2, [1, 2, 3]]);
  assert.equal(
    join([note({}, { served: -1 })], [failed, record()])[0]!.served!.seq,
    2,
    'without an echo the last one that was answered',
  );
});

test('where chunks were put together none can be followed, but the first token can', () => {
  const joined = join([note({}, { offsets: [45, 85] })], [record()])[0]!;
  const own = overhead(joined)!;
  assert.deepEqual([own.ttft, own.chunks, own.arrivals], [5, [], 2]);
});

test('on a system without the common clock the time to first token can still be compared', () => {
  const own = overhead(join([note({}, { sentAt: -1 })], [record()])[0]!)!;
  assert.deepEqual([own.ttft, own.before, own.chunks], [5, undefined, []]);
});

test('requests that failed or left no trace make no overhead', () => {
  assert.equal(overhead(join([note({ outcome: 'empty' })], [record()])[0]!), undefined);
  assert.equal(overhead(join([note()], [])[0]!), undefined);
});

const texts: [text: string, served: number][] = [
  ['x.17 the of', 17],
  ['x.17', 17],
  ['y.17 the', -2],
  ['the of and', -1],
  ['', -1],
];
for (const [text, served] of texts)
  test(`an answer that begins "${text}" was served by ${served}`, () => assert.equal(servedBy('x', text), served));

test('the id joins a directive that stands in the prompt already', () => {
  const call = withId(
    { kind: 'chat', size: 's', messages: [{ role: 'user', content: 'Hi [[sim tokens=5]]' }] },
    'r-1',
    true,
  );
  assert.equal(call.kind === 'chat' && call.messages[0]!.content, 'Hi [[sim id=r-1 echo=1 tokens=5]]');
});

test('one piece is buffering, heaps are coalescing, single chunks are neither', () => {
  const text = (offsets: number[]) => {
    const four = { content_ns: [1042e6, 1062e6, 1082e6, 1102e6] };
    return overheadFindings({
      phases: [],
      timeline: [],
      requests: [note({}, { offsets })],
      truth: [record(four)],
    }).find(({ name }) => name === 'chunks per arrival')!.text;
  };
  assert.match(
    text([105, 105, 105, 105]),
    /^buffering: 1 of 1 streams arrived in one piece, 63\.0 ms after the provider's first token/,
  );
  assert.match(text([65, 65, 105, 105]), /^coalescing: 2\.0 of the provider's chunks to an arrival, every 40\.0 ms/);
  assert.match(text([45, 65, 85, 105]), /^chunks come out one by one/);
});

test('where several models are asked, what the gateway adds is told for each and its wire', () => {
  const slow = note({ id: 'y', model: 'other', ttft: 65 }, { served: 3, offsets: [65, 85, 105] });
  const observed = (requests: RequestNote[]) => ({
    phases: [],
    timeline: [],
    requests,
    truth: [record(), record({ seq: 3, id: 'y', wire: 'bedrock' })],
  });
  const table = (requests: RequestNote[]) =>
    overheadFindings(observed(requests))
      .find(({ name }) => name === 'by model')
      ?.table?.rows.map((row) => row.slice(0, 3));
  assert.deepEqual(table([note(), slow]), [
    ['m (openai)', '1', '5.00'],
    ['other (bedrock)', '1', '25.0'],
  ]);
  assert.equal(table([note()]), undefined);
});
