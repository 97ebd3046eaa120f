import assert from 'node:assert/strict';
import { test } from 'node:test';
import { undisturbed, why } from '../tools/testing/k6';
import type { K6Run } from '../tools/programs/k6';
import { sharedSimulator } from '../tools/testing/shared-simulator';

/*
 * Providers side by side: no difference where there is none, the difference where it is known, and what flatters one of
 * them.
 */
const simulator = sharedSimulator();

type Run = NonNullable<K6Run['run']>;

async function run(): Promise<Run> {
  const {
    run: record,
    stdout,
    stderr,
  } = await undisturbed('dist/providers.js', {
    env: {
      BASE_URL: simulator().gateway,
      PROVIDER_URL: simulator().provider,
      API_KEY: 'gsai-sim-key',
      RATE: '60',
      DURATION: '15s',
      PROMPT_TOKENS: '50',
    },
  });
  assert.ok(record, stdout + stderr);
  return record;
}
const finding = (record: Run, id: string) => {
  const found = record.findings.find((each) => each.id === id);
  assert.ok(found, `${id}: ${record.findings.map((each) => each.id).join()}`);
  return found;
};
const both = (claude: object, gemini: object) => ({
  provider: { models: { claude_3_haiku: claude, 'gemini-2.0-flash': gemini } },
});

test('a known difference is measured with an interval that holds it; the role chunk of Bedrock is told apart', async () => {
  const same = { tokens_per_second: 100, tokens_per_chunk: 3, jitter: 0, output_tokens: 40 };
  await simulator().configure(both({ ...same, ttft_ms: [180, 220] }, { ...same, ttft_ms: [220, 260] }));
  const record = await run();
  assert.equal(record.verdict, 'PASS', why(record));
  const ttft = finding(record, 'ttft-difference');
  assert.ok(
    ttft.interval![0] > 20 && ttft.interval![0] < 40 && ttft.interval![1] > 40 && ttft.interval![1] < 60,
    ttft.text,
  );
  assert.match(
    ttft.text,
    /gemini-2\.0-flash's time to first token is [\d.]+ ms longer than claude_3_haiku's \(difference of the medians \[[\d.]+, [\d.]+\]\)\. The providers themselves differ by \+[34]\d\.\d ms \[.*\]; what the gateway adds differs by [+-][\d.]+ ms/,
  );
  const { rows } = finding(record, 'side-by-side').table!;
  assert.deepEqual(
    rows.map(([name]) => name),
    ['claude_3_haiku', 'gemini-2.0-flash'],
  );
  assert.ok(
    rows.every(([, requests]) => requests === String(record.counts.started / 2)),
    'as many requests each',
  );
  // Bedrock's adapter passes the provider's role chunk on at once, Vertex's sends it with the first token.
  assert.match(
    finding(record, 'first-event-before-the-first-token').text,
    /^claude_3_haiku: its first event comes \d+(\.\d)? ms before its first token and holds no text \(only the role\)\. A tool that takes the time of the first event reports a time to first token of [\d.]+ ms instead of \d+ ms$/,
  );
  assert.match(finding(record, 'throttled').text, /none of the \d+ requests was throttled/);
});

test('a role chunk that the gateway sends by itself is named for both', async () => {
  await simulator().configure({ gateway: { flaws: { role_early: true } } });
  const { text } = finding(await run(), 'first-event-before-the-first-token');
  for (const model of ['claude_3_haiku', 'gemini-2\\.0-flash']) {
    assert.match(
      text,
      new RegExp(
        `${model}: its first event comes \\d+ ms before its first token and holds no text \\(only the role\\), sent by the gateway itself before the provider has answered at all`,
      ),
    );
  }
});

test('a quota of one provider is found: how many, hidden behind an empty 200, and no Retry-After', async () => {
  await simulator().configure(both({}, { quota: { requests_per_minute: 60 } }));
  const record = await run();
  assert.equal(record.verdict, 'FAIL', why(record));
  assert.match(why(record), /target: throttled: measured 0\.\d+, wanted <= 0\.01/);
  assert.match(
    finding(record, 'throttled').text,
    /^gemini-2\.0-flash: \d+ of 450 requests were throttled \(429\); the client got \d+ of them not as 429 but as empty \(status 200\), so it cannot know that it should wait; until the end of the run no request was answered again; no Retry-After header says when to try again/,
  );
});
