import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { k6, type K6Run } from '../tools/programs/k6';
import { scratch } from '../tools/programs/scratch';
import { sentenceOf, undisturbed, why } from '../tools/testing/k6';
import { sharedSimulator } from '../tools/testing/shared-simulator';

/*
 * What is paid for: a gateway in order, and each way of wasting tokens found and named.
 */
const simulator = sharedSimulator();

type Run = NonNullable<K6Run['run']>;

async function run(env: Record<string, string> = {}): Promise<Run> {
  const {
    run: record,
    stdout,
    stderr,
  } = await undisturbed('dist/cost.js', {
    env: {
      BASE_URL: simulator().gateway,
      PROVIDER_URL: simulator().provider,
      ...(env.API_KEYS_FILE ? {} : { API_KEY: 'gsai-sim-key' }),
      RATE: '35',
      DURATION: '6s',
      ...env,
    },
  });
  assert.ok(record, stdout + stderr);
  return record;
}

test('a gateway in order passes: every token accounted for, and priced by model and agency', async () => {
  const keys = join(scratch(), 'keys.txt');
  writeFileSync(keys, 'gsai-sim-key\ngsai-sim-key-2\n');
  await simulator().configure({ gateway: { keys: { 'gsai-sim-key-2': {} }, flaws: { empty_200_on_failure: false } } });
  const record = await run({ API_KEYS_FILE: keys });
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(
    sentenceOf(record, 'prompt-tokens-added'),
    /^the provider received the \d+ prompts with exactly the tokens that were sent/,
  );
  assert.match(
    sentenceOf(record, 'usage-that-is-wrong-or-missing'),
    /streams: as the provider counted in all \d+; plain answers: as .* in all \d+; embeddings: as .* in all \d+/,
  );
  assert.match(sentenceOf(record, 'answers-over-max-tokens'), /max_tokens=32 is enforced/);
  assert.match(
    sentenceOf(record, 'provider-calls-per-request'),
    /each of the \d+ requests that nothing was wrong with made one call/,
  );
  assert.match(
    sentenceOf(record, 'provider-calls-per-failing-request'),
    /a request that gets 503 makes 1\.0 calls to the provider; a request whose stream breaks makes 1\.0, and is billed \d+(\.\d)? tokens \(median\) for an answer that never came whole/,
  );
  assert.match(
    sentenceOf(record, 'provider-stopped-after-a-hang-up'),
    /ms after its client has hung up, a provider's call is stopped/,
  );
  assert.match(sentenceOf(record, 'provider-calls-per-batch'), /a batch of 16 texts is one call to the provider/);

  const { cost } = record;
  assert.ok(cost);
  assert.deepEqual(
    cost.by_model.map(({ name }) => name),
    ['claude_3_haiku', 'cohere_english_v3'],
  );
  assert.deepEqual(
    cost.by_agency.map(({ name }) => name),
    ['1', '2'],
  );
  // Haiku's list price by hand: 0.25 and 1.25 dollars for a million tokens.
  const tokens = (metric: 'llm_prompt_tokens' | 'llm_completion_tokens') =>
    record.metrics[metric]!.filter((row) => row.histogram && row.tags.kind === 'chat').reduce(
      (sum, row) => sum + row.sum,
      0,
    );
  const haiku = cost.by_model[0]!;
  assert.equal(
    haiku.requests,
    record.metrics.llm_completion_tokens!.find((row) => Object.keys(row.tags).length === 0)!.count,
  );
  assert.ok(Math.abs(haiku.input - (tokens('llm_prompt_tokens') * 0.25) / 1e6) < 1e-9, `${haiku.input}`);
  assert.ok(Math.abs(haiku.output - (tokens('llm_completion_tokens') * 1.25) / 1e6) < 1e-9, `${haiku.output}`);
  assert.ok(Math.abs(cost.by_agency[0]!.total + cost.by_agency[1]!.total - cost.total) < 1e-12);
});

test('EmptyAnswersPassed: failures of the provider that come back as 200 with nothing in it are told and missed', async () => {
  const record = await run();
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(why(record), /target: failures told as failures: .*came back with status 200 and no answer in it/);
});

test('flaws of the count are found and named: tokens added, no usage, max_tokens ignored, retries, calls that go on', async () => {
  const flaws = {
    system_prompt_tokens_added: 120,
    no_usage: true,
    max_tokens_ignored: true,
    keep_provider_call_after_hangup: true,
    internal_retries: { attempts: 5, delay_ms: 50 },
  };
  await simulator().configure({ gateway: { flaws } });
  const record = await run();
  assert.equal(record.verdict, 'FAIL', why(record));
  // 120 words of one token each, and 4 for the system message around them.
  assert.match(
    sentenceOf(record, 'prompt-tokens-added'),
    /the gateway adds 124 tokens to a prompt \(median of \d+, from 124 to 124\)/,
  );
  assert.match(
    sentenceOf(record, 'usage-that-is-wrong-or-missing'),
    /streams: no usage in (\d+) of \1; plain answers: no usage in (\d+) of \2/,
  );
  assert.match(
    sentenceOf(record, 'answers-over-max-tokens'),
    /max_tokens=32 is not enforced: (\d+) of \1 answers are longer, 100 tokens in the median/,
  );
  assert.match(
    sentenceOf(record, 'provider-calls-per-failing-request'),
    /a request that gets 503 makes 5\.0 calls to the provider; .*: the gateway retries inside, and its clients' own retries are multiplied by 5/,
  );
  assert.match(
    sentenceOf(record, 'provider-stopped-after-a-hang-up'),
    /the provider's call goes on when the client hangs up: (\d+) of \1 ran to their end, and \d+ tokens \(\d+ % of those of cancelled requests\) were made and billed for nobody/,
  );
  for (const name of [
    'prompt tokens added',
    'usage as the provider counted',
    'max_tokens enforced',
    'calls for a failing request',
    'early stop',
  ]) {
    assert.equal(record.objectives.find((each) => each.name === name)?.state, 'missed', name);
  }
  assert.equal(record.cost, null, 'without usage there is no price, and none is made up');
});

test('usage that says twice what was used is found, and doubles the price', async () => {
  await simulator().configure({ gateway: { flaws: { usage_double: true } } });
  const record = await run();
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(
    sentenceOf(record, 'usage-that-is-wrong-or-missing'),
    /streams: usage in (\d+) of \1 is 2\.00 times what the provider counted/,
  );
});

test('a price table that is wrong, and a missing PROVIDER_URL, stop the run before the first request', async () => {
  const table = join(scratch(), 'prices.json');
  writeFileSync(table, '{"currency":"USD","per_tokens":1000000,"models":{"m":{"input":"cheap"}}}');
  const wrong = await k6('dist/cost.js', {
    env: { BASE_URL: simulator().gateway, PROVIDER_URL: simulator().provider, API_KEY: 'k', PRICES: table },
  });
  assert.equal(wrong.code, 104);
  assert.match(wrong.stderr, /prices in .*prices\.json are wrong: m: "input" must be a number from 0 on/);
  const prompts = await k6('dist/cost.js', {
    env: { BASE_URL: simulator().gateway, PROVIDER_URL: simulator().provider, API_KEY: 'k', PROMPT_TOKENS: '50' },
  });
  assert.match(prompts.stderr, /PROMPT_TOKENS cannot be used with cost/);
  const missing = await k6('dist/cost.js', { env: { BASE_URL: simulator().gateway, API_KEY: 'k' } });
  assert.equal(missing.code, 104);
  assert.match(missing.stderr, /PROVIDER_URL is missing: cost compares the gateway with the simulated provider/);
});
