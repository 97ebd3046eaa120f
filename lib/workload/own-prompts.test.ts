import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chatOf, textOfRecord, unique } from './own-prompts';

test('a record is a text, a prompt, messages, or a conversation of ShareGPT; answers at the end are left out', () => {
  const asked = (record: unknown) =>
    chatOf(JSON.stringify(record)).messages.map(({ role, content }) => [role, content]);
  assert.deepEqual(asked('a'), [['user', 'a']]);
  assert.deepEqual(asked({ prompt: 'a', id: 5 }), [['user', 'a']]);
  assert.deepEqual(
    asked({
      conversations: [
        { from: 'system', value: 's' },
        { from: 'human', value: 'a' },
        { from: 'gpt', value: 'b' },
        { from: 'human', value: 'c' },
        { from: 'gpt', value: 'd' },
      ],
    }),
    [
      ['system', 's'],
      ['user', 'a'],
      ['assistant', 'b'],
      ['user', 'c'],
    ],
  );
  assert.deepEqual(asked({ messages: [{ role: 'assistant', content: 'a' }] }), [['assistant', 'a']]);
});

test('sizes go by the length of the text, and the data of an image is none', () => {
  const parts = [
    { type: 'text', text: 'What is this?' },
    { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(50_000)}` } },
  ];
  assert.equal(chatOf(JSON.stringify({ messages: [{ role: 'user', content: parts }] })).size, 'small');
  assert.equal(chatOf(JSON.stringify('x'.repeat(2000))).size, 'medium');
  assert.equal(chatOf(JSON.stringify('x'.repeat(5000))).size, 'large');
});

test('a text of its own stands before the first message, or behind the last', () => {
  const call = chatOf('{"messages":[{"role":"system","content":"s"},{"role":"user","content":"a"}]}');
  const contents = (where: 'prefix' | 'suffix') => unique(call, where, 'r1-7').messages.map(({ content }) => content);
  assert.deepEqual(contents('prefix'), ['[r1-7] s', 'a']);
  assert.deepEqual(contents('suffix'), ['s', 'a [r1-7]']);
  const parts = unique(chatOf('{"messages":[{"role":"user","content":[{"type":"text","text":"a"}]}]}'), 'suffix', 'x');
  assert.deepEqual(parts.messages[0]!.content, [
    { type: 'text', text: 'a' },
    { type: 'text', text: ' [x]' },
  ]);
});

test('pictures and files of a record stand in its last message, a system text before it, and its answer is bounded', () => {
  const call = chatOf(
    JSON.stringify({
      prompt: 'What is this?',
      system: 'Be short.',
      image: 'data:image/png;base64,AAAA',
      file: ['data:application/pdf;base64,BBBB'],
      max_tokens: '12',
    }),
  );
  assert.equal(call.maxTokens, 12);
  assert.deepEqual(call.messages, [
    { role: 'system', content: 'Be short.' },
    {
      role: 'user',
      content: [
        { type: 'text', text: 'What is this?' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        { type: 'file', file: { filename: 'file-1.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
      ],
    },
  ]);
  for (const record of ['"a"', '{"text":"a"}', '{"prompt":"a"}', '{"input":"a"}'])
    assert.equal(textOfRecord(record), 'a');
});

test('ShareGPT’s files were cut up: answers before any question are left out, and turns of one side in a row are one', () => {
  const of = (...turns: [from: string, value: string][]) =>
    chatOf(JSON.stringify({ conversations: turns.map(([from, value]) => ({ from, value })) })).messages;
  assert.deepEqual(
    of(['gpt', 'lost'], ['human', 'a'], ['Human', 'b'], ['GPT', 'c'], ['gpt', 'd'], ['user', 'e'], ['gpt', 'x']),
    [
      { role: 'user', content: 'a\n\nb' },
      { role: 'assistant', content: 'c\n\nd' },
      { role: 'user', content: 'e' },
    ],
  );
  assert.deepEqual(of(['system', 's'], ['gpt', 'lost'], ['observation', 'a']), [
    { role: 'system', content: 's' },
    { role: 'user', content: 'a' },
  ]);
});

test('calls of tools in OpenAI’s own form: a content of null stopped the script, and results lost their calls on other wires', () => {
  const call = (id: string) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } });
  const messages = [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: null, tool_calls: [call('1'), { ...call('2'), function: { name: 'look' } }] },
    { role: 'tool', tool_call_id: '2', content: 'second' },
    { role: 'tool', tool_call_id: '1', content: 'first' },
  ];
  const own = chatOf(JSON.stringify({ messages })).messages;
  const toolCall = (id: string) => ({ id, name: 'look', arguments: '{}' });
  assert.deepEqual(own, [
    { role: 'user', content: 'a' },
    { role: 'assistant', content: '', toolCall: toolCall('1') },
    { role: 'tool', content: 'first', toolCallId: '1' },
    { role: 'assistant', content: '', toolCall: toolCall('2') },
    { role: 'tool', content: 'second', toolCallId: '2' },
  ]);
  const named = [{ role: 'user', name: 'Ann', content: 'a' }];
  assert.deepEqual(chatOf(JSON.stringify({ messages: named })).messages, named, 'what needs no change stays as it is');
});
