import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withId, type RequestNote } from './note';
import { alignment, attemptsOf, type TruthRecord } from './record';

const request = (id: string, sent: number): RequestNote => ({
  id,
  index: 0,
  phase: 'before',
  model: 'm',
  sent,
  ttft: 50,
  e2e: 90,
  end: 91,
  outcome: 'ok',
  status: 200,
  chunks: 3,
  words: 7,
  gap: 20,
  gapMax: 21,
});
const record = (id: string | null, receivedMs: number, change: Partial<TruthRecord> = {}): TruthRecord => ({
  seq: 1,
  id,
  model: 'a',
  wire: 'openai',
  region: '-',
  received_ns: receivedMs * 1e6,
  first_byte_ns: null,
  content_ns: [(receivedMs + 40) * 1e6],
  end_ns: null,
  status: 200,
  fault: null,
  prompt_tokens: 9,
  completion_tokens: 7,
  client_gone_ns: null,
  outcome: 'ok',
  ...change,
});

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
