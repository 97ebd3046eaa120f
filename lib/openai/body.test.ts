import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readParameters } from '../config';
import type { ChatCall, EmbeddingCall } from '../workload';
import { aroundStored, bodyOf, isStored } from './request';

const parameters = (env: Record<string, string> = {}) =>
  readParameters({ BASE_URL: 'http://127.0.0.1:1/v1', API_KEY: 'none', ...env }, () => '', undefined);
const said: ChatCall['messages'] = [
  { role: 'system', content: 'Answer with "yes".' },
  { role: 'user', content: 'Größe?\n$& $1 "messages":[]' },
];

/** A chat whose messages are kept in Go, as those of the data are. */
function stored(messages: ChatCall['messages'], more: Partial<ChatCall> = {}): ChatCall {
  const call: ChatCall = { kind: 'chat', size: 'small', messages, ...more };
  call.stored = { number: 1, call };
  return call;
}

test('around texts that are kept in Go stands byte for byte what stands around the same texts in a body', () => {
  const tool = { name: 'f', description: '', parameters: { messages: [] } };
  const model = 'a "messages":[] "input":[] b';
  const settings: Record<string, string>[] = [{}, { MAX_TOKENS: '9' }, { MAX_TOKENS_FIELD: 'max_completion_tokens' }];
  for (const env of settings) {
    const p = parameters(env);
    for (const more of [{}, { plain: true }, { maxTokens: 5 }, { tool }]) {
      const { body, behind } = aroundStored(stored(said, more), model, p)!;
      assert.equal(body + JSON.stringify(said) + behind, bodyOf(stored(said, more), model, p));
    }
    for (const texts of [['Größe "input":[]'], ['a', 'b "c"']]) {
      const call: EmbeddingCall = { kind: 'embedding', size: 'single', texts };
      call.stored = { number: 3, count: texts.length, call };
      const { body, behind } = aroundStored(call, model, p)!;
      assert.equal(body + texts.map((text) => JSON.stringify(text)).join(',') + behind, bodyOf(call, model, p));
    }
  }
});

test('what is to be worded otherwise than it is kept is worded here', () => {
  const embedding: EmbeddingCall = { kind: 'embedding', size: 'single', texts: ['a'] };
  embedding.stored = { number: 3, count: 1, call: embedding };
  for (const env of [{ SYSTEM: 'Be brief.' }, { BODY: '{"user":"u"}' }, { WIRE: 'messages' }] as Record<
    string,
    string
  >[]) {
    assert.equal(isStored(stored(said), parameters(env)), false, JSON.stringify(env));
    assert.equal(aroundStored(stored(said), 'm', parameters(env)), undefined);
  }
  assert.equal(isStored(embedding, parameters()), true);
  for (const env of [{ EMBEDDING_WIRE: 'rerank' }, { EMBEDDING_BODY: '{"dimensions":8}' }] as Record<string, string>[])
    assert.equal(isStored(embedding, parameters(env)), false, JSON.stringify(env));
  assert.equal(isStored(stored(said, { marks: true }), parameters()), false);
  const other: ChatCall = { ...stored(said), messages: [{ role: 'user', content: 'another' }] };
  assert.equal(isStored(other, parameters()), false, 'a copy with other messages');
  assert.equal(isStored({ ...embedding, texts: ['b'] }, parameters()), false, 'a copy with other texts');
  const body = JSON.parse(bodyOf(other, 'm', parameters())!) as { messages: unknown };
  assert.deepEqual(body.messages, other.messages);
});
