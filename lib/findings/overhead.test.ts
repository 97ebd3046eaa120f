import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RequestNote } from '../truth';
import { note, record } from '../truth/join.fixture';
import { overheadFindings } from './overhead';

test('one piece is buffering, heaps are coalescing, single chunks are neither', () => {
  const text = (offsets: number[]) => {
    const four = { content_ns: [1042e6, 1062e6, 1082e6, 1102e6] };
    return overheadFindings({
      phases: [],
      timeline: [],
      requests: [note({}, { offsets })],
      truth: [record(four)],
    }).find(({ id }) => id === 'chunks-per-arrival')!.text;
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
      .find(({ id }) => id === 'by-model')
      ?.table?.rows.map((row) => row.slice(0, 3));
  assert.deepEqual(table([note(), slow]), [
    ['m (openai)', '1', '5.00'],
    ['other (bedrock)', '1', '25.0'],
  ]);
  assert.equal(table([note()]), undefined);
});
