import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { sound, undisturbed, why } from '../tools/testing/k6';
import { startSimulator, type Simulator } from '../tools/programs/simulator';

/*
 * A window of 8,000 tokens, so that the prompts are small: 7 sizes in rounds, and the probes at the limit.
 */
let simulator: Simulator;
before(async () => {
  simulator = await startSimulator();
});
afterEach(() => simulator.reset());
after(() => simulator.stop());

const window = 8000;
const model = { context_limit: window, output_tokens: 16, ttft_ms: [60, 90], tokens_per_second: 400 };

async function run(flaws: object, provider: object = {}, duration = '6s', rate = '50') {
  await simulator.reset();
  await simulator.configure({
    provider: { models: { claude_3_haiku: { ...model, ...provider } } },
    // With it on, GSAi's own, every refusal of a stream is an empty 200.
    gateway: { flaws: { empty_200_on_failure: false, ...flaws } },
  });
  const record = sound(
    await undisturbed('dist/context-window.js', {
      env: {
        BASE_URL: simulator.gateway,
        PROVIDER_URL: simulator.provider,
        API_KEY: 'gsai-sim-key',
        CONTEXT_WINDOW: String(window),
        RATE: rate,
        DURATION: duration,
      },
    }),
  );
  const text = (id: string) => record.findings.find((each) => each.id === id)?.text ?? '';
  return { record, text };
}

test('a gateway in order passes: prompts exact to the token, the law, the largest prompt, what one more gets', async () => {
  const { record, text } = await run({}, { ttft_per_1k_prompt_tokens_ms: 20 }, '7s');
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(text('prompt-tokens'), /^the sizes are those that the target counts: at most 0\.00 % off/);
  assert.match(
    text('ttft-by-prompt'),
    /^claude_3_haiku: time to first token = [\d.]+ ms \+ [\d.]+ ms x \(tokens \/ 1,000\)\^[01]\.\d\d \[0\.\d\d, 1\.\d\d\]: it grows in proportion to the size/,
  );
  assert.match(
    text('largest-prompt'),
    /the largest prompt that works has 7,968 tokens, 100 % of the 7,968 that are documented/,
  );
  assert.match(
    text('over-the-limit'),
    /a prompt of 8,001 tokens is refused with status 400 after \d+ ms, which does not say why/,
  );
  assert.match(text('near-the-limit'), /large prompts fail no more often than small ones/);
});

test('what the gateway does that grows as the square of the prompt is named, with its power', async () => {
  const { record, text } = await run({ body_block: { ms_per_kb: 0.02, power: 2 } }, {}, '8s', '14');
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(why(record), /target: growth of the gateway's own time/);
  assert.match(
    text('gateway-growth'),
    /the gateway's own time grows as the prompt to the power [12]\.\d\d \[1\.\d\d, \d\.\d\d\]: \d+ ms at 3,[\d]+ tokens, \d+ ms at 7,\d+/,
  );
});

test('a prompt over the limit that is answered with nothing, cut in silence, or left hanging is told as what it is', async () => {
  const empty = await run({ over_limit: 'empty' }, { near_limit: { from: 0.85, failure_share: 0.3 } });
  assert.equal(empty.record.verdict, 'FAIL', why(empty.record));
  assert.match(
    empty.text('over-the-limit'),
    /a prompt of 8,001 tokens gets status 200 and nothing \(empty\): a client cannot know why/,
  );
  assert.match(
    empty.text('near-the-limit'),
    /from 7,1\d\d tokens on \d+\.\d % of the prompts fail \(\d+ of \d+: http_5xx\), of smaller ones 0\.0 %/,
  );
  const cut = await run({ over_limit: 'truncate' }, {}, '2s');
  assert.match(cut.text('over-the-limit'), /tokens is answered, with [\d,]+ of its tokens dropped: nobody is told/);
  const hang = await run({ over_limit: 'hang' }, {}, '2s');
  assert.match(hang.text('over-the-limit'), /a prompt of 8,001 tokens hangs: no answer within 10 s/);
});
