import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readParameters } from './parameters';

test('one header was sent twice, with two credentials, where HEADERS and a token that is renewed have the same', () => {
  const read = (env: Record<string, string>) => readParameters({ BASE_URL: 'http://h/v1', ...env }, () => '');
  assert.throws(
    () => read({ HEADERS: '{"AUTHORIZATION":"x"}', TOKEN_FILE: 't' }),
    /HEADERS holds AUTHORIZATION, and so does what AUTH=bearer adds to each request: give one/,
  );
  const sigv4 = { AUTH: 'sigv4', AWS_REGION: 'r', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 's' };
  assert.throws(() => read({ HEADERS: '{"authorization":"x"}', ...sigv4 }), /AUTH=sigv4 adds/);
  assert.doesNotThrow(() => read({ HEADERS: '{"authorization":"x"}', AUTH: 'header:api-key', TOKEN_FILE: 't' }));
  assert.doesNotThrow(() => read({ HEADERS: '{"authorization":"x"}', API_KEY: 'k' }));
});
