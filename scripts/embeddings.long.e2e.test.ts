import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

test('a gateway in order passes at the full rate of texts: sizes, one call a batch, vectors that are right', async (t) => {
  const { record, text } = await flawedRun(t, 'embeddings', {
    provider: { cohere_english_v3: { ttft_ms: [20, 40] } },
    env: { TIME_SCALE: '0.08' },
  });
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(text('batch-sizes'), /^best size \d+: \d+ texts\/s one request at a time/);
  assert.match(text('batch-split'), /^each of \d+ batches is one call to the provider/);
  assert.match(text('vectors-wrong'), /^all vectors of \d+ answers are 1024 long, finite and in order/);
  assert.match(text('single-text'), /^one text: p95 [\d.]+ ms, median [\d.]+ ms; the provider's own part [\d.]+ ms/);
});

for (const [vector, told] of [
  ['wrong_length', /have vectors that are not 1024 long/],
  ['nan', /have numbers that are not finite/],
  ['unstable', /have another vector for the same text/],
] as const)
  test(`vectors that are ${vector} are told as that`, async (t) => {
    const { record, text } = await flawedRun(t, 'embeddings', {
      flaws: { vector },
      env: { RATE: '10', DURATION: '6s' },
    });
    assert.equal(record.verdict, 'FAIL', why(record));
    assert.match(text('vectors-wrong'), told);
  });

test('memory that batches keep is found, by the text', async (t) => {
  const { record, text } = await flawedRun(t, 'embeddings', {
    flaws: { payload_kept: 700 },
    env: { RATE: '6', DURATION: '12s' },
    pages: true,
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('memory-kept-by-texts'),
    /^resident memory rose by \d+ to \d+ MB .*: \d+\.\d kB stay for each text$/,
  );
});

for (const [model, kind] of [
  ['cohere_english_v3', 'Bedrock'],
  ['text-embedding-005', 'Vertex AI'],
] as const)
  test(`a model of ${kind} that takes 160 ms for one text misses its limit, and the time is told as the provider's own`, async (t) => {
    const { record, text } = await flawedRun(t, 'embeddings', {
      evenDisturbed: true,
      provider: { [model]: { ttft_ms: [160, 165] } },
      env: { EMBEDDING_MODEL: model, RATE: '16', DURATION: '8s' },
    });
    assert.notEqual(record.verdict, 'PASS', why(record));
    assert.match(why(record), /target: single text p95: (too close to say: )?measured 1[67]\d/);
    assert.match(
      text('single-text'),
      /^one text: p95 1[67]\d(\.\d)? ms, median 1[67]\d(\.\d)? ms; the provider's own part 1[67]\d(\.\d)? ms$/,
    );
  });
