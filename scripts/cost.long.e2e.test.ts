import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

test('a batch that the gateway splits into a call for each text is counted by the calls that the provider got', async (t) => {
  const { record, text } = await flawedRun(t, 'cost', {
    flaws: { embedding_split: { on: true } },
    env: { RATE: '35', DURATION: '6s' },
    evenDisturbed: true,
  });
  assert.match(text('provider-calls-per-batch'), /a batch of 16 texts makes 16\.0 calls to the provider/);
  const judged = record.objectives.find(({ metric }) => metric === 'provider-calls-per-batch')!;
  assert.equal(judged.state, 'missed', why(record));
});
