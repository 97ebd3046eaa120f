import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

test('batches that are split, and vectors in the wrong place, are found and named', async (t) => {
  const { record, text } = await flawedRun(t, 'embeddings', {
    flaws: { embedding_split: { on: true }, vector: 'swapped' },
    provider: { cohere_english_v3: { ttft_ms: [3, 5] } },
    env: { RATE: '5', DURATION: '9s' },
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('batch-split'),
    /^(\d+) of \1 batches are split: one of 96 texts becomes 96 calls, one after the other; [\d.]+ texts\/s/,
  );
  assert.match(text('vectors-wrong'), /^of \d+ answers \d+ have another vector for the same text, or in its place$/);
});
