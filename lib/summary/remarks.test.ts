import assert from 'node:assert/strict';
import { test } from 'node:test';
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
