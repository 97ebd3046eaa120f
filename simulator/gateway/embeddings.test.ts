import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitAnswer } from './embeddings';

const data = [{ object: 'embedding', embedding: [0.1, -0.2], index: 0 }];
const usage = { prompt_tokens: 3, total_tokens: 3 };

test('the usual order and any other give the same', () => {
  for (const answer of [
    { object: 'list', data, model: 'm', usage },
    { usage, model: 'm', data, object: 'list' },
  ]) {
    const split = splitAnswer(JSON.stringify(answer));
    assert.deepEqual([JSON.parse(split.data), split.usage], [data, usage]);
  }
});

test('without usage; and what is no answer throws', () => {
  assert.equal(splitAnswer(JSON.stringify({ object: 'list', data, model: 'm' })).usage, undefined);
  for (const text of ['', '<html>', '[]', '{"object":"list","data":[{"a":[1']) assert.throws(() => splitAnswer(text));
});
