import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { scratch } from '../tools/programs/scratch';
import { flawedRun } from '../tools/testing/flawed-run';
import { why } from '../tools/testing/k6';

/*
 * agencies with eight keys, at three tenths of its rates: what it says of each flaw, and that it passes without one.
 */
const keys = Array.from({ length: 8 }, (_, i) => `gsai-agency-${i + 1}`);
const chat = { ttft_ms: 60, tokens_per_second: 400, jitter: 0, output_tokens: 31 };

function run(t: TestContext, flaws: object, more: Record<string, string> = {}) {
  const file = join(scratch(), 'keys.txt');
  writeFileSync(file, keys.join('\n'));
  return flawedRun(t, 'agencies', {
    flaws,
    provider: { claude_3_haiku: chat },
    gateway: { keys: Object.fromEntries(keys.map((key) => [key, {}])) },
    env: { API_KEYS_FILE: file, RATE: '150', DURATION: '54s', ...more },
    evenDisturbed: 'PLAIN_SHARE' in more,
  });
}

test('a gateway that serves all alike passes: no agency is worse off, there are no classes, and no limits', async (t) => {
  const { record, text } = await run(t, {});
  assert.notEqual(record.verdict, 'FAIL', why(record));
  assert.match(text('agency-served-worse'), /^no agency of 8 is served worse beyond chance/);
  assert.equal(text('agency-classes'), 'all 8 keys are served alike: there are no classes of priority');
  assert.match(text('heavy-others'), /the chats of the others kept their time/);
  assert.match(text('key-limits'), /^no key has met a limit/);
  assert.match(text('served-after'), /from its beginning$/);
});

test('one line for all: the others wait behind an agency that sends most; where keys take turns they do not', async (t) => {
  const one = await run(t, { capacity: { in_flight: 8 } });
  assert.equal(one.record.verdict, 'FAIL', why(one.record));
  assert.match(one.text('heavy-others'), /the chats of the others took \+\d+ ms .*they stand in one line with it/);
  const fair = await run(t, { capacity: { in_flight: 8 }, fair: true });
  const { value } = fair.record.findings.find(({ id }) => id === 'heavy-others')!;
  assert.ok(value! < 50, fair.text('heavy-others'));
});

test('limits: of each key, and one for all keys that a single agency can use up, are told apart', async (t) => {
  const own = await run(t, { rate_limit: { per_second: 20, per_key: true } });
  assert.match(own.text('key-limits'), /^each key has a limit of its own: agency 1 was served (1[89]|2\d)\.\d\/s/);
  const shared = await run(t, { rate_limit: { per_second: 60 } });
  assert.equal(shared.record.verdict, 'FAIL', why(shared.record));
  assert.match(shared.text('key-limits'), /^all keys share one limit: .* \d+ of the others' got status 429/);
});

test('keys of a second class are found by their times, and named', async (t) => {
  const { text } = await run(t, { key_class_ms: 150 });
  assert.match(
    text('agency-classes'),
    /^keys have classes: agencies \d(, \d){3} are served in \d+ ms, agencies \d(, \d){3} in \d+ ms/,
  );
});

test('a target that grows under load serves a burst after a while: the time until then is told', async (t) => {
  const { text } = await run(t, { capacity: { in_flight: 12, grows_after_s: 2 } });
  assert.match(text('served-after'), /^the load of burst-10x was served as the normal load after [2-6] s: until then/);
});

/** Streams alone, so many that those of the mix that is turned round tell something. */
const streams = { RATE: '250', DURATION: '115s', PLAIN_SHARE: '0' };

test('the mix is turned round, embeddings where chats were: how long a target that adapts slowly makes streams wait is told', async (t) => {
  const { record, text } = await run(t, { mix_change: { follows_s: 10, ms: 300 } }, streams);
  const found = record.findings.find(({ id }) => id === 'turned-after');
  assert.match(
    text('turned-after'),
    /^when the mix was turned round \(embeddings where chats were\), streams had their usual time after [2-9] s/,
  );
  assert.ok(found!.value! >= 2, text('turned-after'));
});

test('the mix is turned round, and a target to which all mixes are alike makes no stream wait for it', async (t) => {
  const { text } = await run(t, {}, streams);
  assert.match(text('turned-after'), /streams had their usual time after 0 s$/);
});
