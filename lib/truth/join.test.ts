import assert from 'node:assert/strict';
import { test } from 'node:test';
import { servedBy } from './detail';
import { join, overhead } from './join';
import { note, record } from './join.fixture';
import { withId } from './note';

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
