import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { k6 } from '../../tools/programs/k6';
import { scratch } from '../../tools/programs/scratch';
import { sound, undisturbed, why } from '../../tools/testing/k6';
import { strictGateway, type Asked, type Refused } from '../../tools/testing/strict';

/** A gateway that wants everything in its own way. */
function rule({ query, headers, route, body }: Asked): Refused {
  if (query.get('api-version') !== '1') return [404, 'no api-version'];
  if (headers['api-key'] !== 'not-to-be-seen') return [401, 'no api-key'];
  if (route === '/models') return [403, 'you may not list models'];
  if (typeof body.model === 'string' && /doctor/.test(body.model)) return [404, 'no such model'];
  if ('stream_options' in body) return [400, 'unknown field stream_options'];
  if ('max_tokens' in body) return [400, 'use max_completion_tokens'];
  if (Array.isArray(body.input) && body.input.length > 32) return [413, 'batch size 96 > 32'];
  return undefined;
}

test('the doctor finds what a gateway wants, and a script runs with the target file that it writes', async () => {
  const seen = new Set<string>();
  const gateway = await strictGateway({
    rule,
    answer: ({ body }, response) => {
      const prompt = JSON.stringify(body);
      response.setHeader('cf-aig-cache-status', seen.has(prompt) ? 'HIT' : 'MISS');
      seen.add(prompt);
      return false;
    },
  });
  const out = join(scratch(), 'doctor');
  const base = { BASE_URL: `${gateway.base}?api-version=1`, API_KEY: 'not-to-be-seen', AUTH: 'header:api-key' };
  try {
    const ran = await k6('dist/doctor.js', {
      env: { ...base, MODEL: 'one', EMBEDDING_MODEL: 'e', OUT: out },
      args: ['--quiet', '--log-format', 'raw'],
    });
    assert.equal(ran.code, 0, ran.stderr);
    const said = ran.stdout + ran.stderr;
    for (const line of [
      /^how it is reached +yes +directly/m,
      /^a list of its models +NO +403: you may not list models/m,
      /^a chat as a stream \(chat\) +yes +first token after \d+ ms, 3 events with content/m,
      /^stream_options.* NO +refused \(400: unknown field stream_options\); no usage is told -> STREAM_OPTIONS=none/m,
      /^a chat as one document +yes/m,
      /^a bound.* yes +max_completion_tokens: 3 tokens of 5; max_tokens is refused .* -> MAX_TOKENS_FIELD=max_completion_tokens/m,
      /^errors with a status from 400 +yes/m,
      /^answers from a cache of its own +yes +the second of two alike has cf-aig-cache-status: HIT -> CACHE_HEADER=cf-aig-cache-status:HIT/m,
      /^connections are kept +yes/m,
      /^the protocol +- +HTTP\/1\.1/m,
      /^embeddings +yes/m,
      /^a batch of 96 texts +NO +refused \(413: batch size 96 > 32\); 32 are taken -> BATCH=1-32/m,
    ])
      assert.match(said, line);
    const file = readFileSync(join(out, 'target.json'), 'utf8');
    assert.doesNotMatch(file + said, /not-to-be-seen/);
    assert.deepEqual(JSON.parse(file), {
      name: gateway.base.replace(/^http:\/\/([^/]+).*$/, '$1'),
      about: 'Written by npm run doctor.',
      base_url: base.BASE_URL,
      auth: 'header:api-key',
      key: { env: 'API_KEY' },
      stream_options: 'none',
      max_tokens_field: 'max_completion_tokens',
      routes: { models: null },
      models: { chat: 'one', embedding: 'e' },
      limits: { embedding_batch: 32 },
      cache_header: 'cf-aig-cache-status:HIT',
    });
    const asked = gateway.refused.length;
    const run = sound(
      await undisturbed('dist/mixed.js', {
        env: {
          TARGET: join(out, 'target.json'),
          API_KEY: 'not-to-be-seen',
          MAX_TOKENS: '5',
          RATE: '40',
          DURATION: '2s',
        },
      }),
    );
    assert.equal(run.counts.finished, run.counts.started, why(run));
    assert.deepEqual(gateway.refused.slice(asked), ['/models: you may not list models']);
  } finally {
    gateway.close();
  }
});

test('a gateway that answers nothing: the reason stands in the table, and no file is written', async () => {
  const gateway = await strictGateway({ rule: () => [401, 'who are you?'] });
  try {
    const ran = await k6('dist/doctor.js', { env: { BASE_URL: gateway.base, API_KEY: 'k' }, args: ['--quiet'] });
    assert.equal(ran.code, 110);
    assert.match(ran.stdout + ran.stderr, /a chat as a stream.*NO.*401: who are you\?/);
    assert.equal(ran.folder, undefined);
  } finally {
    gateway.close();
  }
});
