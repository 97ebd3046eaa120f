import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectingNote } from '../measurements';
import { row, soundSnapshot } from '../measurements/snapshot.fixture';
import { remarkTexts } from './remarks';

test('what was told of answers says how many, what it means, and of the first what it was', () => {
  assert.deepEqual(
    remarkTexts([
      { remark: 'wrong content type', count: 12, example: '"application/json"' },
      { remark: 'last event cut off', count: 1, example: '' },
    ]),
    [
      '12 answers: wrong content type (a good stream that does not say that it is text/event-stream; the first: "application/json")',
      '1 answer: last event cut off (the stream ended in the middle of it, and it was left out)',
    ],
  );
});

const each = (metric: string, value: number, n = 150) => row(metric, {}, Array<number>(n).fill(value));

test('HiddenHandshakes: TTFT 0.87 ms and PASS, while each request waited 3 s for its connection, and nobody saw it', () => {
  const rows = (connects: number, connect: number, ttft: number) => [
    each('llm_connect', connect, connects),
    each('llm_ttft', ttft),
    each('llm_ttft_connect', ttft + connect),
    each('llm_finished', 1),
  ];
  assert.match(
    connectingNote(soundSnapshot({ rows: rows(150, 3003, 0.87) })),
    /^most requests waited for a new connection \(150 of 150\): connecting took 3\d{3} ms \(p50\).* is 3\d{3} ms with it and 0\.87 ms without/,
  );
  assert.equal(connectingNote(soundSnapshot({ rows: rows(20, 3003, 0.87) })), '', 'few requests pay it');
  assert.equal(connectingNote(soundSnapshot({ rows: rows(150, 0.2, 300) })), '', 'it matters to nobody');
  assert.equal(connectingNote(soundSnapshot({ rows: [] })), '');
});
