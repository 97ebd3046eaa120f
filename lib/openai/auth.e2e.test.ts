import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { k6 } from '../../tools/programs/k6';
import { scratch } from '../../tools/programs/scratch';
import { sound, undisturbed, why } from '../../tools/testing/k6';
import { sendJson, strictGateway, type Asked, type Refused } from '../../tools/testing/strict';

/*
 * Gateways that ask for more than a key that stays the same.
 */

const load = { MODEL: 'one', KINDS: 'chat', DURATION: '4s' };

/** An authorization server whose tokens live so long, ms. */
async function authorization(life: number) {
  const state = { url: '', asked: 0, fails: false, valid: (_: string | undefined): boolean => false, close: () => {} };
  const ends = new Map<string, number>();
  const server = createServer((request, response) => {
    request.resume();
    state.asked += 1;
    if (state.fails) return sendJson(response, 503, { error: 'temporarily_unavailable' });
    const token = `token-${state.asked}`;
    ends.set(`Bearer ${token}`, Date.now() + life);
    sendJson(response, 200, { access_token: token, token_type: 'bearer', expires_in: life / 1000 });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
  state.valid = (header) => (ends.get(header ?? '') ?? 0) > Date.now();
  state.close = () => server.close();
  return state;
}

const oauth = (url: string) => ({
  AUTH: 'oauth',
  OAUTH_TOKEN_URL: url,
  OAUTH_CLIENT_ID: 'perf',
  OAUTH_CLIENT_SECRET: 'not-to-be-seen',
});

test('tokens that end every 5 s at 200 requests/s: no 401, one fetch for all, and the waiting is not the target’s', async () => {
  const server = await authorization(5000);
  const gateway = await strictGateway({
    rule: ({ headers }) => (server.valid(headers.authorization) ? undefined : [401, 'the token has ended']),
  });
  try {
    const env = { ...load, ...oauth(server.url), BASE_URL: gateway.base, RATE: '200', DURATION: '7s' };
    const ran = await undisturbed('dist/spike.js', { env });
    const run = sound(ran);
    assert.deepEqual(gateway.refused, []);
    assert.equal(run.counts.finished, run.counts.started, why(run));
    assert.ok(run.counts.started > 100);
    // Half of its life before its end: a token every 2.5 s; setup and teardown take some.
    assert.ok(server.asked >= 3 && server.asked <= 20, `${server.asked} tokens`);
    assert.match(run.notes.join('\n'), /AUTH=oauth: \d+ tokens were fetched/);
    assert.doesNotMatch(JSON.stringify(run) + ran.stdout + ran.stderr, /not-to-be-seen|token-\d/);
  } finally {
    server.close();
    gateway.close();
  }
});

test('an authorization server that fails in mid-run makes the run INVALID, and is no failure of the target', async () => {
  const server = await authorization(1000);
  const gateway = await strictGateway({
    rule: ({ headers, route }): Refused => {
      if (route === '/chat/completions') server.fails = true;
      return server.valid(headers.authorization) ? undefined : [401, 'the token has ended'];
    },
  });
  try {
    const env = { ...load, ...oauth(server.url), BASE_URL: gateway.base, RATE: '5', DURATION: '2s' };
    const run = sound(await undisturbed('dist/ttft.js', { env }));
    assert.deepEqual(gateway.refused, []);
    assert.equal(run.verdict, 'INVALID');
    assert.match(
      why(run),
      /instrument: \d+ requests? could not be sent, since no token could be had for them: no token: .*status 503/,
    );
  } finally {
    server.close();
    gateway.close();
  }
});

test('a key in a header of its own, out of a file that another program renews: api-key', async () => {
  const file = join(scratch(), 'key');
  let key = 'first';
  writeFileSync(file, key);
  let renewed = 0;
  const gateway = await strictGateway({
    rule: ({ headers }: Asked): Refused => {
      if (headers.authorization !== undefined) return [400, 'an Authorization header'];
      const sent = headers['api-key'];
      // The first half of the keys' change is the time in which the old one still holds.
      if (renewed === 0 && gateway.asked.length > 20) {
        renewed = Date.now();
        key = 'second';
        writeFileSync(`${file}.new`, key);
        renameSync(`${file}.new`, file);
      }
      return sent === key || (sent === 'first' && Date.now() - renewed < 2000) ? undefined : [401, 'an old key'];
    },
  });
  try {
    const env = { ...load, BASE_URL: gateway.base, AUTH: 'header:api-key', TOKEN_FILE: file, RATE: '20' };
    const run = sound(await undisturbed('dist/ttft.js', { env }));
    assert.deepEqual(gateway.refused, []);
    assert.equal(run.counts.finished, run.counts.started, why(run));
    assert.ok(gateway.asked.some(({ headers }) => headers['api-key'] === 'second'));
  } finally {
    gateway.close();
  }
});

test('a command that fails in mid-run: its last token serves while the target takes it, and then the run is INVALID, not FAIL', async () => {
  const folder = scratch();
  const [program, counter] = [join(folder, 'token.sh'), join(folder, 'count')];
  // The first three times it gives a token, then none.
  writeFileSync(
    program,
    `#!/bin/sh\necho x >> ${counter}\nn=$(wc -l < ${counter})\n[ "$n" -gt 3 ] && { echo "no login" >&2; exit 1; }\necho "tok-secret-$n"\n`,
    { mode: 0o755 },
  );
  let refuses = false;
  const failing = () => readFileSync(counter, 'utf8').split('\n').length - 1 > 3;
  const gateway = await strictGateway({
    rule: ({ headers }) => {
      if (!/^Bearer tok-secret-\d$/.test(headers.authorization ?? '')) return [401, 'no token'];
      // Not before the load, however long that takes to begin.
      if (gateway.asked.length > 20 && failing()) refuses = true;
      return refuses ? [401, 'the token has ended'] : undefined;
    },
  });
  try {
    const env = {
      ...load,
      BASE_URL: gateway.base,
      TOKEN_COMMAND: program,
      TOKEN_EVERY: '1',
      RATE: '10',
      DURATION: '8s',
    };
    // Once: a second run would find a command that fails from the beginning.
    const ran = await k6('dist/ttft.js', { env });
    const run = sound(ran);
    assert.ok(refuses && run.counts.finished > 10, why(run));
    assert.equal(run.verdict, 'INVALID', why(run));
    assert.match(
      why(run),
      /instrument: \d+ requests? refused with 401, while the next token could not be had: the command .*token.sh failed: exit status 1: no login/,
    );
    assert.doesNotMatch(JSON.stringify(run) + ran.stdout + ran.stderr, /tok-secret/);
  } finally {
    gateway.close();
  }
});
