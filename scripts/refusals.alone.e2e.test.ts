import assert from 'node:assert/strict';
import { copyFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, relative } from 'node:path';
import { after, before, test } from 'node:test';
import { k6 } from '../tools/programs/k6';
import { scratch } from '../tools/programs/scratch';
import { undisturbed } from '../tools/testing/k6';
import { checkPlain, checkRecord, reasons } from '../tools/testing/records';
import { key, short, smokeTarget } from '../tools/testing/smoke-target';

/*
 * What is refused before the first request: targets that cannot be tested, and wrong parameters.
 */

const { simulator, gateway } = smokeTarget();

// Targets that cannot be tested: INVALID, exit 110, one sentence.
const html: Server = createServer((_, response) =>
  response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>'),
);
const untestable: [string, () => Record<string, string>, RegExp][] = [
  [
    'nobody listens',
    () => ({ BASE_URL: 'http://127.0.0.1:1/api/v1', API_KEY: key }),
    /the target http:\/\/127\.0\.0\.1:1\/api\/v1 cannot be reached: .*refused/,
  ],
  ['no such host', () => ({ BASE_URL: 'http://gateway.invalid/v1', API_KEY: key }), /cannot be reached/],
  ['unknown key (401)', () => ({ BASE_URL: simulator().gateway, API_KEY: 'wrong-key' }), /refused the key with 401/],
  [
    'expired key (401)',
    () => ({ BASE_URL: simulator().gateway, API_KEY: 'gsai-sim-expired' }),
    /refused the key with 401/,
  ],
  [
    'no key (403)',
    () => ({ BASE_URL: simulator().gateway, API_KEY: 'none' }),
    /refused the key with 403 .*no key was sent/,
  ],
  [
    'a key without scope (403)',
    () => ({ BASE_URL: simulator().gateway, API_KEY: 'gsai-sim-no-scopes' }),
    /refused the key with 403/,
  ],
  [
    'unknown model (422)',
    () => ({ ...gateway(), MODEL: 'gpt-unknown' }),
    /does not take MODEL=gpt-unknown: 422 .*it offers .*claude_3_haiku/,
  ],
  [
    'unknown model (404, OpenAI wire)',
    () => ({ BASE_URL: simulator().provider, API_KEY: key, MODEL: 'gpt-unknown' }),
    /does not take MODEL=gpt-unknown: 40[04]/,
  ],
  ['unknown embedding model', () => ({ ...gateway(), EMBEDDING_MODEL: 'nope' }), /does not take EMBEDDING_MODEL=nope/],
  [
    "a BASE_URL without its last part, in the target's own words, with one that answers",
    () => ({ BASE_URL: simulator().gateway.replace('/api/v1', ''), API_KEY: key }),
    /answered 404 to \/chat\/completions \(Not Found\), so it has no such path; .*BASE_URL=\S+\/api\/v1 answers/,
  ],
  [
    'an HTML page',
    () => ({ BASE_URL: `http://127.0.0.1:${(html.address() as AddressInfo).port}/v1`, API_KEY: key }),
    /answered with an HTML page/,
  ],
];
before(() => new Promise<void>((resolve) => html.listen(0, '127.0.0.1', resolve)));
after(() => html.close());

for (const [name, env, sentence] of untestable) {
  test(`INVALID: ${name}; exit 110, a sentence, no stack trace`, async () => {
    const ran = await k6('dist/smoke.js', { env: { ...short, ...env() } });
    checkRecord(ran);
    checkPlain(ran);
    assert.equal(ran.run?.verdict, 'INVALID');
    assert.match(reasons(ran), sentence);
    assert.match(ran.stdout, sentence);
    assert.equal(ran.run?.counts.started, 0, 'no load was sent');
  });
}

test('INVALID: a target that does not stream', async () => {
  await simulator().configure({
    gateway: { models: {} },
    provider: { models: { claude_3_haiku: { failure_share: 1, failure: 'not_stream' } } },
  });
  const ran = await k6('dist/smoke.js', { env: { BASE_URL: simulator().provider, API_KEY: key, ...short } });
  checkRecord(ran);
  assert.match(reasons(ran), /did not stream: .* it answered with application\/json/);
});

test('FourHoursForNothing: results that cannot be written are known before the first request', async () => {
  const inTheWay = join(scratch(), 'a-file');
  writeFileSync(inTheWay, '');
  const ran = await k6('dist/smoke.js', { env: { ...gateway(), ...short, OUT: inTheWay } });
  assert.equal(ran.code, 110, ran.stderr);
  assert.match(ran.stdout, /verdict +INVALID\n +instrument: Could not make the folder .*a file, not a folder/);
  assert.match(ran.stdout, /requests +0 started/);
  assert.doesNotMatch(ran.stderr, /this run sends/);
  checkPlain(ran);
});

test('before the first request one line says what will be sent; a name that nothing reads is told at once and at the end', async () => {
  const ran = await k6('dist/smoke.js', { env: { ...gateway(), ...short, TEMPERATURE: '1' } });
  assert.match(
    ran.stderr,
    /this run sends about 240 requests in 4 s, at most 60 in a second; they have about \d+ tokens/,
  );
  const sentence = /-e TEMPERATURE has no effect: it is no parameter/;
  assert.match(ran.stderr, sentence);
  assert.match(ran.stdout, sentence);
});

// Wrong parameters: exit 104 or 107 before the first request.
const wrong: [Record<string, string>, RegExp][] = [
  [{ RATE: 'fast' }, /RATE=fast is wrong/],
  [{ BASE_URL: 'http://gateway/v1' }, /API_KEY is missing/],
  [{ OBJECTIVES: '/nowhere/x.json' }, /OBJECTIVES=\/nowhere\/x\.json is wrong: no such file/],
  [{ RATE: '0.01', DURATION: '1s' }, /less than one request/],
  [{ DURATON: '5s' }, /DURATON is no parameter: was DURATION meant\? Nothing was sent/],
  [{ SCAL: '0.1' }, /SCAL is no parameter: was SCALE meant\?/],
];
for (const [env, sentence] of wrong) {
  test(`a wrong parameter ${JSON.stringify(env)} stops the run before the first request`, async () => {
    const ran = await k6('dist/smoke.js', { env });
    assert.ok([104, 107].includes(ran.code), `exit ${ran.code}\n${ran.stderr}`);
    assert.match(ran.stderr, sentence);
    checkPlain(ran);
    assert.equal(ran.run, undefined);
  });
}

test('AsOnAnyCommandLine: relative paths of parameters count from where k6 was started, not from the bundle', async () => {
  const folder = relative('.', scratch());
  writeFileSync(join(folder, 'keys.txt'), `${key}\n`);
  copyFileSync('thresholds/smoke.json', join(folder, 'mine.json'));
  const ran = await undisturbed('dist/smoke.js', {
    env: {
      BASE_URL: simulator().gateway,
      ...short,
      API_KEYS_FILE: `${folder}/keys.txt`,
      OBJECTIVES: `${folder}/mine.json`,
    },
  });
  checkRecord(ran);
  assert.equal(ran.run?.verdict, 'PASS', reasons(ran));
});
