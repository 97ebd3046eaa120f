import Ajv from 'ajv';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ParameterError, parseTarget, readParameters, withTarget } from '../lib/config';
import { shapes } from './shapes.fixture';

const names = readdirSync('targets')
  .filter((file) => file.endsWith('.json') && !file.includes('.schema.'))
  .map((file) => file.replace('.json', ''));
const schema = JSON.parse(readFileSync('targets/target.schema.json', 'utf8')) as object;
const valid = new Ajv({ allowUnionTypes: true }).compile(schema);
const noFile = () => {
  throw new Error('no such file');
};
const env: Record<string, string> = {
  AWS_ACCESS_KEY_ID: 'AK',
  AWS_SECRET_ACCESS_KEY: 'SK',
};
for (const host of ['GSAI', 'LITELLM', 'VLLM', 'TEI', 'GATEWAY']) env[`${host}_HOST`] = 'http://h';
env.AZURE_OPENAI_ENDPOINT = 'https://h.openai.azure.com';
for (const who of ['GSAI', 'LITELLM', 'OPENAI', 'AZURE_OPENAI', 'OPENROUTER', 'ANTHROPIC', 'GATEWAY', 'GEMINI', 'MISTRAL'])
  env[`${who}_API_KEY`] = 'key';

const read = (content: string | object, more: Record<string, string> = {}) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const sources = { env: { ...env, ...more }, readFile: noFile, secret: (name: string) => (name === 'S' ? 'hidden' : undefined) };
  return readParameters(withTarget(parseTarget(text, 't.json'), 't.json', sources), noFile);
};
const file = (name: string) => readFileSync(`targets/${name}.json`, 'utf8');

test('every kind of gateway that is named has its example', () =>
  assert.deepEqual(names.sort(), [...Object.keys(shapes), 'tei'].sort()));

for (const name of names)
  test(`${name}: keeps to the schema, and every script takes it`, () => {
    assert.ok(valid(JSON.parse(file(name))), JSON.stringify(valid.errors));
    const p = read(file(name), { MODEL: 'm' });
    assert.match(p.baseUrl, /^https?:\/\/[^{}]+$/);
  });

test('a parameter that is given wins over the file', () => {
  const p = read(file('azure'), { MODEL: 'mine', BASE_URL: 'http://x/v1', FIRST_TIMEOUT: '5s', API_KEY: 'other' });
  assert.deepEqual([p.models, p.baseUrl, p.query, p.timeouts.first, p.apiKeys], [['mine'], 'http://x/v1', '', 5000, ['other']]);
  assert.deepEqual(read(file('anthropic'), { AUTH: 'bearer' }).keyHeader?.name, 'Authorization');
  assert.deepEqual(read(file('openrouter'), { KINDS: 'chat' }).kinds, ['chat']);
  assert.equal(read(file('bedrock'), { TOKEN_COMMAND: 'aws x' }).credentials?.command?.length, 2);
});

test('HEADERS, BODY and ROUTES were given for one part and lost all others of the file: each part wins for itself', () => {
  const some = {
    ...{ name: 'x', base_url: 'http://h/v1', auth: 'none', body: { store: false, extra: { a: 1, b: 2 } } },
    headers: { 'x-version': '1', 'X-Team': { env: 'NOT_SET' } },
    routes: { chat: 'd/{model}/chat', embedding: 'd/{model}/embed' },
  };
  const p = read(some, {
    HEADERS: '{"x-TEAM":"perf","accept":null}',
    BODY: '{"temperature":0,"extra":{"b":null}}',
    ROUTES: '{"chat":"mine"}',
  });
  assert.deepEqual(p.headers, { 'x-version': '1', 'x-TEAM': 'perf', accept: null });
  assert.deepEqual(p.body, { store: false, extra: { a: 1, b: null }, temperature: 0 });
  assert.deepEqual(p.routes, { chat: 'mine', embedding: 'd/{model}/embed' });
  assert.throws(() => read(some, { HEADERS: 'x' }), /HEADERS is wrong: it is not JSON/);
});

test('a model by its role', () => {
  assert.deepEqual(read(file('openai'), { MODELS: '@reasoning,x,@vision' }).models, ['o4-mini', 'x', 'gpt-4.1']);
  assert.throws(() => read(file('azure'), { MODEL: '@vision' }), /t.json has no model vision; it has chat, embedding/);
});

test('what a target does not have is left out, and batches are as small as it wants them', () => {
  const tei = read(file('tei'));
  assert.deepEqual([tei.kinds, tei.batch], [['embedding'], { from: 10, to: 32 }]);
  assert.deepEqual(read(file('anthropic')).kinds, ['chat', 'models']);
});

test('the window, the socket and the header of the instance are what the scripts that use them read', () => {
  const p = read({
    ...{ name: 'x', base_url: 'http://h/v1', auth: 'none', unix_socket: '/run/x.sock', instance_header: 'X-Served-By' },
    limits: { context_window: 32_000, embedding_batch: 16 },
  });
  assert.deepEqual([p.contextWindow, p.unixSocket, p.instanceHeader], [32_000, '/run/x.sock', 'x-served-by']);
  assert.equal(p.batch?.to, 16);
});

test('the header that tells a hit of the gateway’s cache, with and without the word that it then holds', () => {
  const told = (cache_header: string) => read({ name: 'x', base_url: 'http://h/v1', auth: 'none', cache_header }).cacheHeader;
  assert.deepEqual(told('X-LiteLLM-Cache-Key'), { name: 'x-litellm-cache-key', value: undefined });
  assert.deepEqual(told('helicone-cache: HIT'), { name: 'helicone-cache', value: 'HIT' });
  assert.throws(() => told('x cache'), /CACHE_HEADER=x cache is wrong: a header's name like/);
});

test('tokenizers by role or by name: a role becomes its model, chat stands for all others, and what cannot be used is refused', () => {
  const some = { name: 'x', base_url: 'http://h/v1', auth: 'none', models: { chat: 'a', reasoning: 'b' } };
  const of = (tokenizers: object) => read({ ...some, tokenizers }).tokenizers;
  assert.deepEqual(of({ chat: 'o200k_base', reasoning: 'usage', c: 'cl100k_base' }), { chat: 'o200k_base', b: 'usage', c: 'cl100k_base' });
  assert.throws(() => of({ chat: 'llama3' }), /TOKENIZERS is wrong: "llama3" of chat is no tokenizer that is known here: o200k_base/);
  assert.throws(() => of({ embedding: 'usage' }), /TARGET=t.json is wrong: tokenizers.embedding is not used/);
  assert.equal(read(some).tokenizers, undefined);
});

test('secrets come from the environment, a file, or k6; never from the target file itself', () => {
  const some = { name: 'x', base_url: 'http://h/v1' };
  assert.deepEqual(read({ ...some, key: { secret: 'S' } }).apiKeys, ['hidden']);
  assert.equal(read({ ...some, auth: 'none', headers: { 'x-key': { secret: 'S' } } }).headers['x-key'], 'hidden');
  assert.throws(() => read({ ...some, key: { secret: 'T' } }), /TARGET=t.json: key is missing: k6's --secret-source has no secret T/);
  assert.throws(() => read({ ...some, key: { env: 'NOT_SET' } }), /key is missing: set NOT_SET in the environment/);
  assert.throws(() => read({ ...some, key: { file: 'gone' } }), /the file gone cannot be read/);
});

for (const [content, sentence] of [
  ['{', /it is not JSON/],
  ['[]', /a JSON object is wanted/],
  [{ name: 'x' }, /base_url is missing/],
  [{ name: 'x', base_url: 'http://h', key: 'sk-123' }, /key must be a reference like(?!.*sk-123)/],
  [{ name: 'x', base_url: 'http://h', headers: { 'x-api-key': 'sk-123' } }, /headers.x-api-key must be a reference(?!.*sk-123)/],
  [{ name: 'x', base_url: 'http://h', modles: {} }, /modles is no field of a target; name, about/],
  [{ name: 'x', base_url: 'http://h', routes: { chats: 'x' } }, /routes.chats is no field of a target; chat, embedding, models are/],
  [{ name: 'x', base_url: 'http://h', limits: { embedding_batch: 0 } }, /limits.embedding_batch must be a whole number/],
  [{ name: 'x', base_url: 'http://h', oauth: { token_url: 'x' } }, /oauth.client_id is missing/],
  [{ name: 'x', base_url: '{NOT_SET}/v1' }, /needs NOT_SET for its address/],
] as const)
  test(`a wrong file is refused: ${JSON.stringify(content)}`, () =>
    assert.throws(
      () => read(content),
      (error: unknown) => error instanceof ParameterError && /^TARGET=t.json/.test(error.message) && sentence.test(error.message),
    ));
