import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatorUrl } from '../config';
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
const p = { baseUrl: 'http://gateway/v1', apiKeys: ['k'] };
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
  ['redirect', { status: 302, outcome: 'malformed' }, /answered with a redirect \(302\)/],
];
for (const [name, given, sentence] of cases) {
  test(`refused: ${name}`, () => {
    const text = refusal(answer(given), p, chat);
    assert.match(text, sentence);
    assert.match(text, /http:\/\/gateway\/v1/);
  });
}

const letThrough: [string, Partial<Answer>][] = [
  ['ok', {}],
  ['429', { status: 429, outcome: 'http_429' }],
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
