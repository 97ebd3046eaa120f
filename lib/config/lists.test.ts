import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readParameters } from './parameters';
import { ParameterError } from './reading';

const noFile = () => {
  throw new Error('no such file');
};

/** The sentence with which these parameters are refused. */
function refusal(env: Record<string, string>, file: () => string = noFile): string {
  try {
    readParameters(env, file);
  } catch (error) {
    if (error instanceof ParameterError) return error.message;
    throw error;
  }
  return '';
}

test('one model that is named twice got twice its share in silence, and a page under two names counted twice', () => {
  assert.equal(refusal({ MODELS: 'a,b,a' }), 'MODELS=a,b,a is wrong: it names a twice');
  assert.equal(refusal({ FAULTS: '503,503' }), 'FAULTS=503,503 is wrong: it names 503 twice');
  assert.equal(refusal({ KINDS: 'chat,chats' }), 'KINDS=chat,chats is wrong: it names chat twice');
  assert.match(
    refusal({ BASE_URLS: 'http://a/v1,http://a/v1/' }),
    /^BASE_URLS=.* is wrong: it names http:\/\/a\/v1 twice$/,
  );
  assert.match(
    refusal({ METRICS_URLS: 'a=http://x/m,b=http://x/m' }),
    /^METRICS_URLS is wrong: http:\/\/x\/m is given under two names/,
  );
});

test('a key that stands twice in API_KEYS_FILE made two agencies of one: it is refused by its number, and not named', () => {
  const told = refusal({ API_KEYS_FILE: 'keys' }, () => 'key-a 8\nkey-b\nkey-a\n');
  assert.match(told, /^API_KEYS_FILE is wrong: key 3 is the same as key 1, so two agencies would be one/);
  assert.doesNotMatch(told, /key-a/);
});
