import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { parseTarget, withTarget } from '../lib/config';
import { k6 } from '../tools/programs/k6';
import { scratch } from '../tools/programs/scratch';
import { sound, undisturbed, why } from '../tools/testing/k6';
import { tell, type Told } from '../tools/testing/outcomes';
import { strictGateway, type Strict } from '../tools/testing/strict';
import { shapes, wrongChat } from './shapes.fixture';

/*
 * Each example of a target against its recorded shape: the request must arrive as that gateway wants it, and its answer
 * must be read.
 */

let gateway: Strict;
let told: Told;

before(async () => {
  gateway = await strictGateway({
    prefix: '',
    rule: (asked) => {
      const name = asked.route.split('/')[1]!;
      const what = wrongChat(shapes[name]!, { ...asked, url: asked.request.url!.replace(`/${name}`, '') });
      return what ? [400, what] : undefined;
    },
    answer: ({ route }, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(shapes[route.split('/')[1]!]!.stream);
      return true;
    },
  });
  const names = Object.keys(shapes).filter((name) => name !== 'bedrock');
  const env = new Proxy({} as Record<string, string>, {
    get: (_, name: string) =>
      /_HOST$|_ENDPOINT$/.test(name)
        ? 'http://host'
        : { AWS_ACCESS_KEY_ID: 'AK', AWS_SECRET_ACCESS_KEY: 'SK' }[name] ?? (/_API_KEY$/.test(name) && name !== 'API_KEY' ? 'key' : undefined),
  });
  const cases = names.map((name) => {
    const file = parseTarget(readFileSync(`targets/${name}.json`, 'utf8'), name);
    const sources = { env, readFile: () => '', secret: () => undefined };
    const all = { ...withTarget(file, name, sources) } as Record<string, string>;
    // The same address here: only its host is another one.
    const base = all.BASE_URL!.replace(/^https?:\/\/[^/]+/, `${gateway.base}/${name}`);
    return {
      name,
      base,
      prompt: 'hi',
      key: all.API_KEY ?? '',
      env: { ...all, MODEL: all.MODEL ?? 'm', MAX_TOKENS: '50', BASE_URL: base },
    };
  });
  told = await tell(cases);
});
after(() => gateway.close());

// A signature belongs to a whole run: the last test has one.
for (const [name, { tokens, text }] of Object.entries(shapes).filter(([name]) => name !== 'bedrock'))
  test(`${name}: its gateway takes the request, and the answer's content, usage and finish are read`, () => {
    const value = (metric: string) => told.measured.find((row) => row.name === name && row.metric === metric)?.value;
    const answer = told.answers.find((each) => each.name === name);
    assert.equal(told.counted.find((each) => each.name === name)?.outcome, 'ok', answer?.error);
    assert.deepEqual(answer?.remarks, []);
    assert.equal(answer?.text, text);
    assert.deepEqual([value('llm_prompt_tokens'), value('llm_completion_tokens')], tokens);
  });

test('bedrock: a whole script with its target file, and every request is signed', async () => {
  const ran = await undisturbed('dist/smoke.js', {
    env: {
      TARGET: 'targets/bedrock.json',
      BASE_URL: `${gateway.base}/bedrock/openai/v1`,
      AWS_ACCESS_KEY_ID: 'AK',
      AWS_SECRET_ACCESS_KEY: 'not-to-be-seen',
      RATE: '40',
      DURATION: '2s',
    },
  });
  const run = sound(ran);
  assert.equal(run.counts.finished, run.counts.started, why(run));
  assert.deepEqual([...new Set(run.outcomes.map(({ tags }) => tags.kind))], ['chat']);
  assert.doesNotMatch(JSON.stringify(run) + ran.stdout + ran.stderr, /not-to-be-seen/);
});

test('a script that sends what the target has not is refused with the target’s name, not with a KINDS that nobody gave', async () => {
  const env = { TARGET: 'targets/tei.json', TEI_HOST: 'http://127.0.0.1:9' };
  const ran = await k6('dist/ttft.js', { env });
  assert.equal(ran.code, 104, ran.stderr);
  assert.match(ran.stderr, /ttft cannot be run against TARGET=targets\/tei.json: it sends chats only, and that target has none/);
  assert.match((await k6('dist/ttft.js', { env: { ...env, KINDS: 'embedding' } })).stderr, /KINDS=embedding cannot be used with ttft/);
});

test('a target with a system message: scripts whose prompts are made for what they look for leave it out, and run', async () => {
  const target = join(scratch(), 'target.json');
  const strict = await strictGateway({ rule: ({ body }) => (JSON.stringify(body).includes('Be short.') ? [400, 'a system message'] : undefined) });
  writeFileSync(target, JSON.stringify({ name: 'x', base_url: strict.base, auth: 'none', system: 'Be short.', models: { chat: 'one' } }));
  try {
    const run = sound(await undisturbed('dist/embeddings.js', { env: { TARGET: target, DURATION: '2s' } }));
    assert.equal(run.counts.finished, run.counts.started, why(run));
    assert.match(run.notes.join('\n'), /the system message of TARGET=.*: not used, since the prompts of embeddings are made/);
    assert.match((await k6('dist/embeddings.js', { env: { TARGET: target, SYSTEM: 'x' } })).stderr, /SYSTEM cannot be used with embeddings/);
  } finally {
    strict.close();
  }
});
