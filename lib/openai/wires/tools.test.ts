import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '../../workload';
import { anthropicMessages, chatMessages, responsesItems } from './parts';
import { chatToolCall, namedToolCall } from './tools';

test('the pieces of a call are put together, of the first call alone; what is cut off is no call', () => {
  const chat = [
    '[[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":""}}]]',
    '[[{"index":0,"function":{"arguments":"{\\"a\\":"}}]]',
    '[[{"index":1,"id":"c2","function":{"name":"g","arguments":"{}"}}]]',
    '[[{"index":0,"function":{"arguments":"1}"}}]]',
  ];
  assert.deepEqual(chatToolCall(chat), { id: 'c1', name: 'f', arguments: '{"a":1}' });
  assert.equal(chatToolCall(chat.slice(0, 2)), undefined);
  assert.equal(chatToolCall([]), undefined);
  const named = ['["f","toolu_1"]', '["{\\"a\\":"]', '["1}"]', '["g","toolu_2"]', '["{}"]'];
  assert.deepEqual(namedToolCall(named), { id: 'toolu_1', name: 'f', arguments: '{"a":1}' });
  assert.equal(namedToolCall(named.slice(0, 2)), undefined);
  assert.deepEqual(namedToolCall(['["f","t"]']), { id: 't', name: 'f', arguments: '{}' });
});

const call = { id: 'c', name: 'f', arguments: '{"a":1}' };
const talk: Message[] = [
  { role: 'system', content: 'S' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'Look.' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
    ],
  },
  { role: 'assistant', content: '', toolCall: call },
  { role: 'tool', content: 'R', toolCallId: 'c' },
];

test('calls, results, pictures and files are worded as each wire wants them', () => {
  const [, , said, result] = chatMessages(talk, false);
  assert.deepEqual(said, {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
  });
  assert.deepEqual(result, { role: 'tool', content: 'R', tool_call_id: 'c' });
  assert.deepEqual(anthropicMessages(talk, false), {
    system: 'S',
    messages: [
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look.' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
          { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'BBBB' } },
        ],
      },
      { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: 'R' }] },
    ],
  });
  assert.deepEqual(responsesItems(talk).slice(1), [
    {
      role: 'user',
      content: [
        { type: 'input_text', text: 'Look.' },
        { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
        { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' },
      ],
    },
    { type: 'function_call', call_id: 'c', name: 'f', arguments: '{"a":1}' },
    { type: 'function_call_output', call_id: 'c', output: 'R' },
  ]);
});

test('marks for a cache stand at the system message and at the last one', () => {
  const mark = { cache_control: { type: 'ephemeral' } };
  const two: Message[] = [
    { role: 'system', content: 'S' },
    { role: 'user', content: 'U' },
  ];
  assert.deepEqual(chatMessages(two, true), [
    { role: 'system', content: [{ type: 'text', text: 'S', ...mark }] },
    { role: 'user', content: [{ type: 'text', text: 'U', ...mark }] },
  ]);
  assert.deepEqual(anthropicMessages(two, true), {
    system: [{ type: 'text', text: 'S', ...mark }],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'U', ...mark }] }],
  });
  assert.equal(chatMessages(two, false), two, 'nothing is made anew where there is nothing to say');
});
