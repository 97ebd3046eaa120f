import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

/*
 * Conversations in a closed loop, and what a gateway makes of the provider's cache of their beginnings.
 */

const two = [
  { provider_model: 'claude_3_haiku', region: 'us-east-1' },
  { provider_model: 'claude_3_haiku', region: 'us-west-2' },
];
/** Prompts take time, so that what a cache saves shows. */
const provider = {
  claude_3_haiku: {
    ttft_ms: [60, 80],
    ttft_per_1k_prompt_tokens_ms: 40,
    output_tokens: 16,
    tokens_per_second: 400,
  },
};
const env = { VUS: '20', DURATION: '8s', THINK: '80ms', TOOL_DELAY: '50ms', TURNS: '4-5' };

test('a gateway in order: what conversations send again comes from the cache, at one deployment, and is told', async (t) => {
  const { record, text } = await flawedRun(t, 'sessions', {
    provider,
    gateway: { models: { claude_3_haiku: { deployments: two } } },
    env,
  });
  assert.equal(record.verdict, 'PASS', why(record));
  assert.match(
    text('prefix-cached'),
    /^of the [\d,]+ tokens that the conversations sent again, 9\d % came from a cache/,
  );
  assert.match(text('cache-hit-saves'), /^a turn whose beginning was sent before gets its first token \d\d(\.\d)? ms/);
  assert.match(text('prefix-changed'), /reach the provider as they were sent: in all \d+ turns/);
  assert.match(
    text('session-scattered'),
    /^each conversation stays at one deployment of the provider: .*\(2 in all\)$/,
  );
  assert.match(text('cached-tokens-told'), /^the usage tells the [\d,]+ tokens that came from the provider's cache/);
  const of = (metric: 'llm_ttft' | 'llm_session_cost_usd' | 'llm_session_turns', size: string) =>
    record.metrics[metric]?.find(({ tags }) => tags.size === size);
  for (const size of ['turn-1', 'turn-4']) assert.ok(of('llm_ttft', size)!.count > 5, `TTFT of ${size}`);
  assert.ok(of('llm_session_cost_usd', 'session')!.count > 10, 'whole conversations have a price');
  assert.ok(of('llm_session_turns', 'session')!.mean! >= 4);
});

test('a number of the request before the prompt, a session that moves, and cached tokens that are not told are named', async (t) => {
  const stamped = await flawedRun(t, 'sessions', {
    provider,
    flaws: { prompt_stamp: 'request_id' },
    env: { ...env, DURATION: '4s', COLD_SHARE: '0' },
  });
  assert.equal(stamped.record.verdict, 'FAIL', why(stamped.record));
  assert.match(
    stamped.text('prefix-changed'),
    /^the gateway destroys the provider's cache: in (\d+) of \1 turns after the first, .* a beginning that it has never seen/,
  );
  assert.match(stamped.text('prefix-cached'), /^no prompt came from a cache/);

  const moved = await flawedRun(t, 'sessions', {
    provider,
    gateway: { models: { claude_3_haiku: { deployments: two } } },
    flaws: { session_ignored: true, cached_tokens_untold: true },
    env: { ...env, DURATION: '4s', COLD_SHARE: '0' },
  });
  assert.equal(moved.record.verdict, 'FAIL', why(moved.record));
  assert.match(
    moved.text('session-scattered'),
    /^the gateway sends a conversation from one deployment of the provider to another: \d+ of \d+ turns .* keep a session where it began$/,
  );
  assert.match(moved.text('prefix-changed'), /reach the provider as they were sent/);
  assert.match(
    moved.text('cached-tokens-told'),
    /^cached tokens are billed in full: the provider read [\d,]+ tokens from its cache in \d+ turns, and the usage tells none of them/,
  );
});
