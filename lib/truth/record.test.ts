import assert from 'node:assert/strict';
import { test } from 'node:test';
import { note, record as recorded } from './join.fixture';
import { withId } from './note';
import { alignment, attemptsOf, type TruthRecord } from './record';

const request = (id: string, sent: number) => note({ id, sent });
const record = (id: string | null, receivedMs: number, change: Partial<TruthRecord> = {}) =>
  recorded({ id, model: 'a', received_ns: receivedMs * 1e6, content_ns: [(receivedMs + 40) * 1e6], ...change });

test('the shortest way through the gateway sets the clocks side by side', () => {
  assert.equal(
    alignment([request('x', 100), request('y', 200)], [record('x', 5103), record('y', 5201), record('other', 1)]),
    5001,
  );
  assert.equal(alignment([request('x', 100)], [record(null, 5103)]), undefined);
});

test('calls of one request stand in their order, those of others are left out', () => {
  const attempts = attemptsOf(
    [request('x', 100)],
    [
      record('x', 5300, { model: 'b' }),
      record('x', 5103, { outcome: 'fault', fault: '503', status: 503, content_ns: [] }),
      record('z', 1),
    ],
    5001,
  );
  assert.deepEqual([...attempts.keys()], ['x']);
  assert.deepEqual(
    attempts.get('x')!.map(({ deployment, received, ttft, ok, billed }) => [deployment, received, ttft, ok, billed]),
    [
      ['openai/-/a', 102, -1, false, false],
      ['openai/-/b', 299, 40, true, true],
    ],
  );
});

test('the id stands in the last user message, where a gateway passes it on', () => {
  const call = withId(
    {
      kind: 'chat',
      size: 's',
      messages: [
        { role: 'user', content: 'one' },
        { role: 'assistant', content: 'two' },
        { role: 'user', content: 'three' },
      ],
    },
    'r-1',
  );
  assert.deepEqual(call.kind === 'chat' && call.messages.map((message) => message.content), [
    'one',
    'two',
    'three [[sim id=r-1]]',
  ]);
});
