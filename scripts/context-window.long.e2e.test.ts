import assert from 'node:assert/strict';
import { test } from 'node:test';
import { why } from '../tools/testing/k6';
import { flawedRun } from '../tools/testing/flawed-run';
import { smallWindow, windowRun } from '../tools/testing/window-run';

test('a gateway in order passes: the law, the largest prompt, what one more gets', async (t) => {
  const { record, text } = await windowRun(t, {}, { ttft_per_1k_prompt_tokens_ms: 20 }, { duration: '7s' });
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(
    text('ttft-by-prompt'),
    /^claude_3_haiku: time to first token = [\d.]+ ms \+ [\d.]+ ms x \(tokens \/ 1,000\)\^[01]\.\d\d \[0\.\d\d, 1\.\d\d\]: it grows in proportion to the size/,
  );
  assert.match(
    text('largest-prompt'),
    /the largest prompt that works has 7,968 tokens, 100 % of the 7,968 that are documented/,
  );
  // GSAi's own words.
  assert.match(
    text('over-the-limit'),
    /a prompt of 8,001 tokens is refused with status 400 after \d+ ms, which does not say why/,
  );
  assert.match(text('near-the-limit'), /large prompts fail no more often than small ones/);
});

test('what the gateway does that grows as the square of the prompt is named, with its power', async (t) => {
  const flaw = { body_block: { ms_per_kb: 0.02, power: 2 } };
  const { record, text } = await windowRun(t, flaw, {}, { rate: '14', duration: '24s' });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(why(record), /target: growth of the gateway's own time/);
  assert.match(
    text('growth-of-overhead'),
    /the gateway's own time grows as the prompt to the power [12]\.\d\d \[1\.\d\d, \d\.\d\d\]: \d+ ms at 3,[\d]+ tokens, \d+ ms at 7,\d+/,
  );
});

test('a prompt over the limit that is cut in silence, or left hanging, is told as what it is', async (t) => {
  const cut = await windowRun(t, { over_limit: 'truncate' }, {}, { duration: '2s' });
  assert.match(cut.text('over-the-limit'), /tokens is answered, with [\d,]+ of its tokens dropped: nobody is told/);
  const hang = await windowRun(t, { over_limit: 'hang' }, {}, { duration: '2s' });
  assert.match(hang.text('over-the-limit'), /a prompt of 8,001 tokens hangs: no answer within 10 s/);
});

test('memory that large prompts keep is found, by the thousand tokens', async (t) => {
  const { record, text } = await flawedRun(t, 'context-window', {
    flaws: { payload_kept: 60 },
    provider: {
      claude_3_haiku: {
        context_limit: 8000,
        output_tokens: 16,
        ttft_ms: 40,
        ttft_per_1k_prompt_tokens_ms: 60,
        tokens_per_second: 400,
      },
    },
    env: { CONTEXT_WINDOW: '8000', RATE: '30', DURATION: '9s' },
    pages: true,
  });
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    text('memory-kept-by-prompts'),
    /^resident memory rose by \d+ to \d+ MB and was not given back: \d+\.\d kB stay for each 1,000 tokens of prompts/,
  );
});

test("a gateway's time-out that is too short for large prompts: from which size on they end by time, when, and that small ones do not", async (t) => {
  const { record, text } = await flawedRun(t, 'context-window', {
    evenDisturbed: true,
    flaws: { upstream_timeout_ms: 500 },
    provider: { 'gemini-2.0-flash': { ...smallWindow, ttft_ms: 60, ttft_per_1k_prompt_tokens_ms: 100 } },
    env: { MODEL: 'gemini-2.0-flash', CONTEXT_WINDOW: '8000', RATE: '40', DURATION: '6s' },
  });
  assert.notEqual(record.verdict, 'PASS', why(record));
  assert.match(
    text('given-up'),
    /^\d+ prompts of [3-7],\d{3} tokens and more end by time, after 0\.[56] s \(http_5xx\)/,
  );
  assert.match(
    text('near-the-limit'),
    /from [3-7],\d{3} tokens on \d+\.\d % of the prompts fail .*, of smaller ones \d\.\d %/,
  );
});
