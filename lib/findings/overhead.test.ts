import assert from 'node:assert/strict';
import { test } from 'node:test';
import { random } from '../statistics';
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
  assert.match(
    text([65, 65, 105, 105]),
    /^coalescing: 2\.0 of the provider's chunks come in one arrival, every 40\.0 ms/,
  );
  assert.match(text([45, 65, 85, 105]), /^chunks come to the client one by one/);
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

/** Streams of 30 chunks, one begun about each 97 ms; a call's beginning stops what is under way for `blocked` ms. */
function blockedStreams(blocked: number, stopsOthers: boolean, every = 97) {
  const begins = Array.from({ length: 40 }, (_, k) => every * k + 10 * random(5, k).next());
  const late = (at: number, own: number) => {
    const by = begins.find((begin) => begin !== own && stopsOthers && at >= begin && at < begin + blocked);
    // Without a cause that they share: a tenth of the chunks, whenever they are.
    const anyhow = !stopsOthers && random(own, at).next() < 0.1 ? blocked : 0;
    return by === undefined ? anyhow : by + blocked - at;
  };
  const requests = begins.map((begin, k) => {
    const written = Array.from({ length: 30 }, (_, i) => begin + blocked + 20 * (i + 1));
    const offsets = written.map((at) => at + 1 + late(at, begin) - begin);
    const at = { id: `s${k}`, sent: begin };
    const call = { ...at, seq: k, received_ns: (begin + blocked) * 1e6, content_ns: written.map((ms) => ms * 1e6) };
    return { note: note(at, { sentAt: begin * 1e6, offsets, served: k }), record: record(call) };
  });
  const perChunk = overheadFindings({
    phases: [],
    timeline: [],
    requests: requests.map((each) => each.note),
    truth: requests.map((each) => each.record),
  }).find(({ id }) => id === 'overhead-per-chunk')!;
  return perChunk.text;
}

test('TheLoopWasBlocked: chunk p50 1 ms and p95 tens of ms is told as streams that stand still when another call starts', () => {
  assert.match(
    blockedStreams(40, true),
    /of the chunks are over 8 ms late, and at \d+ % of these moments another call begins .*: streams stand still while another call starts/,
  );
});

test('where calls block most of the time, so that most chunks are late, it is told all the same', () => {
  assert.match(blockedStreams(28, true, 60), /streams stand still while another call starts/);
});

test('chunks that are late without a call that begins are not laid to an event loop', () => {
  assert.doesNotMatch(blockedStreams(15, false), /stand still/);
});
