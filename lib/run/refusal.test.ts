import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatorUrl } from '../config';
import { wrongScheme } from './wrong-scheme';
import { refusal } from './refusal';

type Answer = Parameters<typeof refusal>[0];
const answer = (given: Partial<Answer>): Answer => ({
  status: 200,
  outcome: 'ok',
  error: '',
  body: '',
  headers: { 'content-type': 'text/event-stream' },
  ...given,
});
const p = { baseUrl: 'http://gateway/v1', apiKeys: ['k'], auth: 'bearer', wire: 'chat' as const };
const chat = { kind: 'chat', model: 'gpt-x', offered: ['a', 'b'] } as const;

const cases: [string, Partial<Answer>, RegExp][] = [
  [
    'no connection',
    { status: 0, outcome: 'connect', error: 'connection refused' },
    /cannot be reached: connection refused; is the gateway running/,
  ],
  [
    '401',
    { status: 401, outcome: 'http_4xx', body: '{"detail":"Invalid key"}' },
    /refused the key with 401 \(Invalid key\); check API_KEY/,
  ],
  ['403', { status: 403, outcome: 'http_4xx', body: '{"detail":"Not authenticated"}' }, /refused the key with 403/],
  [
    '400 for a key',
    {
      status: 400,
      outcome: 'http_4xx',
      body: '{"error":{"message":"No connected db.","type":"no_db_connection","param":null,"code":"400"}}',
    },
    /refused the key with 400 \(No connected db\.\); a LiteLLM without a database .*check API_KEY/,
  ],
  [
    'unknown model',
    { status: 422, outcome: 'http_4xx', body: '{"detail":[{"msg":"no such model"}]}' },
    /does not take MODEL=gpt-x: 422 \(.*no such model.*\); it offers a, b/,
  ],
  [
    'HTML',
    { headers: { 'content-type': 'text/html; charset=utf-8' }, outcome: 'malformed', body: '<html>' },
    /answered with an HTML page \(status 200\)/,
  ],
  [
    'HTML of a 404',
    { status: 404, headers: {}, outcome: 'http_4xx', body: '<!DOCTYPE html>' },
    /answered with an HTML page \(status 404\)/,
  ],
  [
    'not a stream',
    { headers: { 'content-type': 'application/json' }, outcome: 'malformed', body: '{"choices":[]}' },
    /did not stream: .* answered with application\/json/,
  ],
  [
    'an error with status 200, as LM Studio answers what it does not know',
    {
      headers: { 'content-type': 'application/json' },
      outcome: 'stream_error',
      body: '{"error":"Unexpected endpoint or method. (POST /chat/completions)"}',
    },
    /status 200 and an error \(Unexpected endpoint or method\. .*the usual cause is a BASE_URL without its last part, as \/v1/,
  ],
  [
    'a coding that was not asked for',
    { outcome: 'malformed', error: 'the answer is in the content coding "br", which was never asked for' },
    /cannot be read: .*"br"/,
  ],
  [
    'events that run into each other',
    { outcome: 'malformed', error: 'the events are not separated by blank lines' },
    /streams what no client can read: the events are not separated/,
  ],
  ['redirect', { status: 302, outcome: 'malformed' }, /answered with a redirect \(302\)/],
];
/** A gateway that tells no models: whether its path is known, only its words can say. */
const unlisted = { ...chat, offered: [] };
const pathCases: [string, Partial<Answer>, RegExp][] = [
  [
    'FastAPI without /v1',
    { status: 404, outcome: 'http_4xx', body: '{"detail":"Not Found"}' },
    /answered 404 to \/chat\/completions \(Not Found\), so it has no such path; .*without its last part, as \/v1/,
  ],
  [
    "OpenAI's words for a wrong path",
    { status: 404, outcome: 'http_4xx', body: '{"error":{"message":"Invalid URL (POST /chat/completions)"}}' },
    /answered 404 .*Invalid URL \(POST/,
  ],
  [
    'a path for GET alone',
    { status: 405, outcome: 'http_4xx', body: 'Method Not Allowed' },
    /answered 405 .*Method Not/,
  ],
  [
    'a model that is not there, by a gateway that lists none',
    { status: 404, outcome: 'http_4xx', body: '{"error":{"message":"The model `gpt-x` does not exist"}}' },
    /does not take MODEL=gpt-x: 404 \(The model/,
  ],
];
for (const [name, given, sentence] of pathCases)
  test(`refused with the target's own words: ${name}`, () =>
    assert.match(refusal(answer(given), p, unlisted), sentence));

test('embeddings of a gateway that answers an unknown path with 200 and an error are refused as its chats are', () => {
  const body = '{"error":"Unexpected endpoint or method. (POST /embeddings)"}';
  const text = refusal(answer({ outcome: 'empty', body }), p, { ...unlisted, kind: 'embedding' });
  assert.match(text, /answered \/embeddings with status 200 and an error \(Unexpected endpoint/);
});

for (const [name, given, sentence] of cases) {
  test(`refused: ${name}`, () => {
    const text = refusal(answer(given), p, chat);
    assert.match(text, sentence);
    assert.match(text, /http:\/\/gateway\/v1/);
  });
}

for (const [body, kind, way] of [
  ['{"error":{"message":"Unrecognized request argument: stream_options"}}', 'chat', /STREAM_OPTIONS=none/],
  ['{"error":"Use \'max_completion_tokens\' instead."}', 'chat', /MAX_TOKENS_FIELD=max_completion_tokens/],
  ['{"error":"Missing required query parameter: api-version"}', 'chat', /query of BASE_URL/],
  ['{"detail":"Not Found"}', 'embedding', /KINDS=chat/],
] as const)
  test(`a target that does not take the wording is refused with the parameter that helps: ${body}`, () =>
    assert.match(refusal(answer({ status: 404, outcome: 'http_4xx', body }), p, { ...chat, kind }), way));

test('a certificate that is not trusted: CA_FILE is named', () =>
  assert.match(
    refusal(
      answer({ outcome: 'connect', status: 0, error: 'TLS: x509: certificate signed by unknown authority' }),
      p,
      chat,
    ),
    /CA_FILE/,
  ));

const letThrough: [string, Partial<Answer>][] = [
  ['ok', {}],
  ['429', { status: 429, outcome: 'http_429' }],
  [
    "a failing proxy's page",
    { status: 502, outcome: 'http_5xx', body: '<html>', headers: { 'content-type': 'text/html' } },
  ],
  ['an error event at the probe', { outcome: 'stream_error', error: 'overloaded' }],
  ['500', { status: 500, outcome: 'http_5xx' }],
  ['a hang', { status: 0, outcome: 'timeout_first' }],
  ['an empty stream', { outcome: 'empty' }],
];
for (const [name, given] of letThrough) {
  test(`a failing target is the load's business: ${name}`, () => assert.equal(refusal(answer(given), p, chat), ''));
}

test('nobody at the default address: the simulator is named', () => {
  assert.match(
    refusal(answer({ outcome: 'connect', status: 0 }), { ...p, baseUrl: simulatorUrl }, chat),
    /npm run simulator/,
  );
});

const nothing = { status: 0, outcome: 'reset', error: '', body: '' } as const;
const schemes: [string, string, Answer, Answer, RegExp | ''][] = [
  [
    'nginx says so',
    'http://gateway:8443/v1',
    answer({ status: 400, outcome: 'http_4xx', body: 'The plain HTTP request was sent to HTTPS port' }),
    answer(nothing),
    /speaks TLS on this port, and BASE_URL says http:\/\/: give BASE_URL=https:\/\/gateway:8443\/v1$/,
  ],
  [
    'Go says so',
    'http://gateway:8443/v1',
    answer({ status: 400, outcome: 'http_4xx', body: 'Client sent an HTTP request to an HTTPS server.\n' }),
    answer(nothing),
    /speaks TLS/,
  ],
  ['it hangs up', 'http://gateway/v1', answer(nothing), answer({ status: 404, outcome: 'http_4xx' }), /speaks TLS/],
  [
    'it hangs up, and its certificate is its own',
    'http://gateway/v1',
    answer({ ...nothing, outcome: 'malformed' }),
    answer({ ...nothing, outcome: 'connect', error: 'TLS: x509: certificate signed by unknown authority' }),
    /speaks TLS/,
  ],
  ['it hangs up whatever is spoken', 'http://gateway/v1', answer(nothing), answer(nothing), ''],
  ['it answers', 'http://gateway/v1', answer({}), answer({}), ''],
  ['it refuses the key', 'http://gateway/v1', answer({ status: 401, outcome: 'http_4xx' }), answer({}), ''],
  [
    'it answers TLS with HTTP',
    'https://gateway/v1',
    answer({
      ...nothing,
      outcome: 'connect',
      error: 'no connection to gateway: TLS: tls: first record does not look like a TLS handshake',
    }),
    answer(nothing),
    /does not speak TLS on this port, and BASE_URL says https:\/\/: give BASE_URL=http:\/\/gateway\/v1$/,
  ],
  [
    'it hangs up at TLS',
    'https://gateway/v1',
    answer({ ...nothing, outcome: 'connect', error: 'no connection to gateway: TLS: EOF' }),
    answer({}),
    /does not speak TLS/,
  ],
  [
    'its certificate is refused',
    'https://gateway/v1',
    answer({ ...nothing, outcome: 'connect', error: 'TLS: x509: certificate has expired' }),
    answer({}),
    '',
  ],
  [
    'nobody is there',
    'https://gateway/v1',
    answer({ ...nothing, outcome: 'connect', error: 'connection refused' }),
    answer({}),
    '',
  ],
];
for (const [name, baseUrl, first, other, sentence] of schemes)
  test(`WrongScheme: ${name}`, () => {
    const told = wrongScheme(first, baseUrl, (url) => {
      assert.equal(new URL(url).protocol, baseUrl.startsWith('https') ? 'http:' : 'https:');
      return other;
    });
    if (sentence === '') assert.equal(told, '');
    else assert.match(told, sentence);
  });
