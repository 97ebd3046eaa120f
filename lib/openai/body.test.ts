import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readParameters } from '../config';
import type { ChatCall } from '../workload';
import { bodyOf } from './request';

const parameters = (env: Record<string, string> = {}) =>
  readParameters({ BASE_URL: 'http://127.0.0.1:1/v1', API_KEY: 'none', ...env }, () => '', undefined);
const said: ChatCall['messages'] = [
  { role: 'system', content: 'Answer with "yes".' },
  { role: 'user', content: 'Größe?\n$& $1 "messages":[]' },
];

/** A chat with its messages written, as those of the data are. */
function written(messages: ChatCall['messages'], more: Partial<ChatCall> = {}): ChatCall {
  const call: ChatCall = { kind: 'chat', size: 'small', messages, ...more };
  call.written = { messages: JSON.stringify(messages), call };
  return call;
}
const plain = ({ written: _, ...call }: ChatCall): ChatCall => call;

test('a chat whose messages are written already is sent byte for byte as one whose messages are not', () => {
  const tool = { name: 'f', description: '', parameters: { messages: [] } };
  const settings: Record<string, string>[] = [
    {},
    { SYSTEM: 'Be brief.' },
    { BODY: '{"user":"u"}' },
    { WIRE: 'messages' },
    { MAX_TOKENS: '9' },
  ];
  for (const env of settings)
    for (const more of [{}, { plain: true }, { maxTokens: 5 }, { tool }, { marks: true }]) {
      const [call, p] = [written(said, more), parameters(env)];
      const body = bodyOf(call, 'a "messages":[] b', p);
      assert.equal(body, bodyOf(plain(call), 'a "messages":[] b', p), JSON.stringify([env, more]));
      assert.ok(body!.includes('Größe'));
    }
});

test('a copy with other messages is sent with those', () => {
  const other: ChatCall = { ...written(said), messages: [{ role: 'user', content: 'another' }] };
  const body = JSON.parse(bodyOf(other, 'm', parameters())!) as { messages: unknown };
  assert.deepEqual(body.messages, other.messages);
});
