import assert from 'node:assert/strict';
import type { TLSSocket } from 'node:tls';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { issue, makeAuthority } from '../../simulator/tls/authority';
import { scratch } from '../../tools/programs/scratch';
import { startSimulator } from '../../tools/programs/simulator';
import { sound, undisturbed, why } from '../../tools/testing/k6';
import { strictGateway, type Asked, type Refused } from '../../tools/testing/strict';

/*
 * Gateways that insist on what is theirs, through the whole of bin/k6: what a script sends must be what they take, and a
 * load must end well on each.
 */

/** Azure's old form, behind TLS that asks for the client's certificate: query, header, no list, no embeddings. */
function azure({ query, headers, route, body, request }: Asked): Refused {
  if (!(request.socket as TLSSocket).authorized) return [401, 'no certificate of a client'];
  if (query.get('api-version') !== '2024-10-21') return [404, 'Resource not found'];
  if (headers['x-team'] !== 'perf') return [400, 'no x-team'];
  if (headers.authorization !== undefined) return [400, 'an Authorization header'];
  if (route === '/models') return [403, 'you may not list models'];
  if (route === '/embeddings') return [404, 'no embeddings here'];
  if ('stream_options' in body) return [400, 'unknown field stream_options'];
  if ('max_tokens' in body) return [400, 'use max_completion_tokens instead'];
  if (body.max_completion_tokens !== 20 || body.temperature !== 0 || body.seed !== 7)
    return [400, 'fields are missing'];
  const [system, next] = body.messages as { role: string; content: string }[];
  if (system?.role !== 'system' || system.content !== 'Be short.' || next?.role === 'system') return [400, 'no system'];
  return undefined;
}

test('a gateway with a query, headers, own fields, a client certificate, no embeddings, no list: mixed runs with KINDS=chat', async () => {
  const authority = await makeAuthority();
  const own = await issue(authority, ['127.0.0.1']);
  const client = await issue(authority, ['perf'], 'client');
  const tls = { ...own, ca: authority.cert, requestCert: true, rejectUnauthorized: true };
  const gateway = await strictGateway({ rule: azure, tls, prefix: '/openai/deployments/gpt' });
  const folder = scratch();
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  try {
    const ran = await undisturbed('dist/mixed.js', {
      env: {
        BASE_URL: `${gateway.base}?api-version=2024-10-21`,
        API_KEY: 'none',
        CA_FILE: file('ca.pem', authority.cert),
        CERT_FILE: file('cert.pem', client.cert),
        KEY_FILE: file('key.pem', client.key),
        HEADERS: '{"x-team":"perf","x-api-token":"not-to-be-seen"}',
        BODY: `@${file('body.json', '{"temperature":0,"seed":7}')}`,
        STREAM_OPTIONS: 'none',
        MAX_TOKENS: '20',
        MAX_TOKENS_FIELD: 'max_completion_tokens',
        SYSTEM: 'Be short.',
        KINDS: 'chat',
        MODEL: 'one',
        RATE: '60',
        DURATION: '3s',
      },
    });
    const run = sound(ran);
    assert.equal(run.counts.finished, run.counts.started, why(run));
    assert.ok(run.counts.started > 100);
    assert.deepEqual([...new Set(run.outcomes.map(({ tags }) => tags.kind))], ['chat']);
    assert.match(
      run.notes.join('\n'),
      /KINDS=chat: the embeddings and the requests for the model list are left out, 30 %/,
    );
    const states = Object.fromEntries(run.objectives.map(({ name, state }) => [name, state]));
    assert.equal(states['single embedding p95'], 'not judged');
    assert.equal(states['model list p95'], 'not judged');
    assert.equal(
      run.reasons.some(({ about }) => about === 'instrument'),
      false,
      why(run),
    );
    assert.deepEqual(gateway.refused, ['/models: you may not list models']);
    // Of the chats 40, 20 and 10 parts of 70 are short, medium and long: four standard deviations around 4/7.
    const short = run.outcomes.filter(({ tags }) => tags.size === 'short').reduce((sum, { count }) => sum + count, 0);
    const n = run.counts.started;
    assert.ok(Math.abs(short - (4 / 7) * n) < 4 * Math.sqrt(n * (4 / 7) * (3 / 7)), `${short} of ${n} are short`);
    assert.doesNotMatch(JSON.stringify(run) + ran.stdout + ran.stderr, /not-to-be-seen|PRIVATE KEY/);
  } finally {
    gateway.close();
  }
});

test('a gateway that takes 32 texts at most and wants input_type: BATCH and BODY; a slow one: FIRST_TIMEOUT, and DRAIN lets the last end', async () => {
  const rule = ({ route, body }: Asked): Refused => {
    if (route !== '/embeddings') return undefined;
    const { input, input_type: type } = body;
    if (type !== 'query') return [422, 'input_type is missing'];
    return Array.isArray(input) && input.length > 32 ? [422, `batch size ${input.length} > 32`] : undefined;
  };
  // The first byte comes after the load, which lasts a second.
  const gateway = await strictGateway({ rule, first: 1500 });
  const env = { BASE_URL: gateway.base, API_KEY: 'none', MODEL: 'one', EMBEDDING_MODEL: 'e', DURATION: '1s' };
  const slow = { ...env, RATE: '40', VUS: '400' };
  try {
    const patient = sound(
      await undisturbed('dist/mixed.js', {
        env: { ...slow, KINDS: 'chat,embedding', BATCH: '1-32', BODY: '{"input_type":"query"}', FIRST_TIMEOUT: '8s' },
      }),
    );
    assert.equal(patient.counts.finished, patient.counts.started, why(patient));
    assert.ok(patient.counts.started > 30);
    assert.deepEqual(gateway.refused, []);
    assert.equal(patient.environment.parameters.drain, 125);
    const asked = gateway.asked.filter(({ route }) => route === '/chat/completions');
    assert.ok(asked.every(({ body }) => !('input_type' in body)));
    const hasty = sound(
      await undisturbed('dist/mixed.js', { env: { ...slow, KINDS: 'chat', FIRST_TIMEOUT: '500ms', RATE: '10' } }),
    );
    assert.equal(hasty.counts.finished, 0);
    assert.deepEqual([...new Set(hasty.outcomes.map(({ outcome }) => outcome))], ['timeout_first']);
    const cut = sound(
      await undisturbed('dist/mixed.js', { env: { ...slow, KINDS: 'chat', RATE: '10', DRAIN: '500ms' } }),
    );
    assert.ok(cut.counts.interrupted > 0);
    assert.match(why(cut), /the test's end cut off/);
  } finally {
    gateway.close();
  }
});

test('a target file that says how many texts a batch may have: embeddings sends none with more', async () => {
  const gateway = await strictGateway({
    rule: ({ body: { input } }) =>
      Array.isArray(input) && input.length > 16 ? [422, 'more than 16 texts'] : undefined,
  });
  const target = join(scratch(), 'target.json');
  const about = { name: 'small', base_url: gateway.base, auth: 'none', limits: { embedding_batch: 16 } };
  writeFileSync(target, JSON.stringify({ ...about, models: { embedding: 'e', chat: 'one' } }));
  try {
    const run = sound(await undisturbed('dist/embeddings.js', { env: { TARGET: target, DURATION: '4s' } }));
    assert.deepEqual(gateway.refused, []);
    assert.equal(run.counts.finished, run.counts.started, why(run));
    const sizes = gateway.asked.flatMap(({ body: { input } }) => (Array.isArray(input) ? [input.length] : []));
    assert.equal(Math.max(...sizes), 16);
  } finally {
    gateway.close();
  }
});

test('headers of any case win over ours and stand there once; what a target file refers to is a secret under any name', async () => {
  const gateway = await strictGateway({
    rule: ({ request: { rawHeaders }, headers }): Refused => {
      const names = rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      if (twice !== undefined) return [400, `${twice} stands there twice`];
      if (headers.authorization !== 'Bearer mine') return [401, `not ${headers.authorization}`];
      if (headers['x-session-id'] !== 'fixed') return [400, `the session ${headers['x-session-id']}`];
      return headers['x-team'] === 'hidden-team' ? undefined : [400, 'no team'];
    },
  });
  const target = join(scratch(), 'target.json');
  const headers = { 'X-SESSION-ID': 'fixed', AUTHORIZATION: { env: 'MINE' }, 'X-Team': { env: 'TEAM_OF_TEST' } };
  writeFileSync(target, JSON.stringify({ name: 'odd', base_url: gateway.base, headers }));
  try {
    const ran = await undisturbed('dist/sessions.js', {
      env: {
        ...{ TARGET: target, API_KEY: 'another', MODEL: 'one', MINE: 'Bearer mine', TEAM_OF_TEST: 'hidden-team' },
        ...{ VUS: '2', THINK: '50ms', TURNS: '2', TOOL_SHARE: '0', DURATION: '2s', TRACES: 'w3c' },
      },
    });
    const run = sound(ran);
    assert.deepEqual(gateway.refused, []);
    assert.ok(run.counts.finished > 5, why(run));
    assert.doesNotMatch(JSON.stringify(run) + ran.stdout + ran.stderr, /hidden-team|Bearer mine/);
  } finally {
    gateway.close();
  }
});

test('a reranker: embeddings go as rerank, an answer that leaves a document out is malformed', async () => {
  const simulator = await startSimulator();
  const answers = (documents: number): string =>
    JSON.stringify({ results: Array.from({ length: documents }, (_, index) => ({ index, relevance_score: 0.5 })) });
  const forgetful = await strictGateway({
    rule: ({ route }) => (route === '/rerank' || route === '/models' ? undefined : [404, 'rerank only']),
    answer: ({ route, body }, response) => {
      if (route !== '/rerank') return false;
      response.setHeader('content-type', 'application/json');
      response.end(answers((body.documents as string[]).length - 1));
      return true;
    },
  });
  const env = { ...{ KINDS: 'embedding', EMBEDDING_WIRE: 'rerank', RATE: '20', DURATION: '2s', API_KEY: 'any' } };
  try {
    const settings = {
      ...env,
      BASE_URL: simulator.provider,
      EMBEDDING_MODEL: 'cohere_english_v3',
      PROVIDER_URL: 'none',
    };
    const run = sound(await undisturbed('dist/mixed.js', { env: settings }));
    assert.equal(run.counts.finished, run.counts.started, why(run));
    assert.ok(run.counts.started > 10 && run.metrics.llm_prompt_tokens!.some(({ sum }) => sum > 0));
    const lost = sound(await undisturbed('dist/mixed.js', { env: { ...env, BASE_URL: forgetful.base } }));
    assert.deepEqual([...new Set(lost.outcomes.map(({ outcome }) => outcome))], ['malformed'], why(lost));
  } finally {
    await simulator.stop();
    forgetful.close();
  }
});
