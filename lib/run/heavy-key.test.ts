import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readParameters } from '../config';
import { withHeavyKey } from './heavy-key';

const keysOf = (env: Record<string, string>) => {
  const p = readParameters(env, () => 'one\ntwo\n');
  withHeavyKey({ phase: 'heavy', share: 0.8 }).parameters!(p, { script: 'agencies', given: () => false });
  return p.apiKeys;
};

test('the simulator knows eight agencies, so the script runs against it as it is', () => {
  assert.equal(keysOf({}).length, 8);
});

test("a key that was given is kept, also at the simulator's address: another gateway may stand there, and one key is refused", () => {
  assert.throws(() => keysOf({ API_KEY: 'mine' }), /API_KEYS_FILE is missing: agencies compares agencies/);
  assert.deepEqual(keysOf({ API_KEYS_FILE: 'keys' }), ['one', 'two']);
});
