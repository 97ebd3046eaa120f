import assert from 'node:assert/strict';
import { test } from 'node:test';
import { windowRun } from '../tools/testing/window-run';

test('an empty 200 for a prompt over the limit, and failures near it, are found and named; prompts are exact to the token', async (t) => {
  const { record, text } = await windowRun(
    t,
    { over_limit: 'empty' },
    { near_limit: { from: 0.85, failure_share: 0.3 } },
  );
  assert.equal(record.verdict, 'FAIL');
  assert.match(
    text('over-the-limit'),
    /a prompt of 8,001 tokens gets status 200 and nothing \(empty\): a client cannot know why/,
  );
  assert.match(
    text('near-the-limit'),
    /from 7,[17]\d\d tokens on \d+\.\d % of the prompts fail \(\d+ of \d+: http_5xx\), of smaller ones [0-4]\.\d %/,
  );
  assert.match(text('prompt-tokens'), /^the sizes are those that the target counts: at most 0\.00 % off/);
});
