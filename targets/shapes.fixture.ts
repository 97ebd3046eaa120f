/*
 * What each kind of gateway wants of a request, and how it answers a stream: written after the vendors' own
 * documentation and what their servers send, shortened to what tells them apart.
 */

import type { Asked } from '../tools/testing/strict';

export interface Shape {
  /** Where a chat arrives, with its query. */
  chat: string;
  /** Where an embedding arrives; absent: there is none. */
  embedding?: string;
  /** Headers that the request must have; null: must not. */
  headers: Record<string, string | RegExp | null>;
  /** Fields that the chat's body must have (a value), or must not (null). */
  body?: Record<string, unknown>;
  /** The stream, as it comes. */
  stream: string;
  /** Tokens of prompt and answer that are to be read from it. */
  tokens: [prompt: number, completion: number];
  text: string;
}

/** What is wrong with a chat for a gateway of this shape; "" when nothing is. `url` is the path with its query. */
export function wrongChat(
  { chat, headers: wanted, body: fields = {} }: Shape,
  { url, headers, body }: { url: string; headers: Asked['headers']; body: Asked['body'] },
): string {
  if (url !== chat) return `the address ${url}`;
  for (const [header, value] of Object.entries(wanted)) {
    const sent = headers[header] ?? null;
    if (value instanceof RegExp ? !value.test(String(sent)) : sent !== value) return `the header ${header}: ${String(sent)}`;
  }
  for (const [field, value] of Object.entries(fields))
    if (JSON.stringify(body[field] ?? null) !== JSON.stringify(value)) return `the field ${field}: ${JSON.stringify(body[field])}`;
  return '';
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
const data = (...events: (object | string)[]) =>
  events.map((event) => (typeof event === 'string' ? `${event}\n\n` : `data: ${JSON.stringify(event)}\n\n`)).join('');
const done = 'data: [DONE]';
const usage = { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 };
const head = { id: 'c', object: 'chat.completion.chunk', created: 1, model: 'm' };
const chunk = (delta: object, finish: string | null = null, more: object = {}) => ({
  ...head,
  choices: [{ index: 0, delta, finish_reason: finish, ...more }],
});
const role = chunk({ role: 'assistant', content: '' });
const usual = data(
  role,
  chunk({ content: 'Two ' }),
  chunk({ content: 'words' }),
  chunk({}, 'stop'),
  { ...head, choices: [], usage },
  done,
);
const read: Pick<Shape, 'tokens' | 'text'> = { tokens: [9, 2], text: 'Two words' };
const asksUsage = { stream_options: { include_usage: true } };

const named = (name: string, event: object) => `event: ${name}\ndata: ${JSON.stringify({ type: name, ...event })}`;
const messages = data(
  named('message_start', {
    message: { id: 'm', role: 'assistant', content: [], stop_reason: null, usage: { input_tokens: 4, cache_read_input_tokens: 5, output_tokens: 1 } },
  }),
  named('content_block_start', { index: 0, content_block: { type: 'text', text: '' } }),
  named('ping', {}),
  named('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Two ' } }),
  named('content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'words' } }),
  named('content_block_stop', { index: 0 }),
  named('message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } }),
  named('message_stop', {}),
);
const response = (status: string, more: object = {}) => ({ response: { id: 'r', status, error: null, usage: null, ...more } });
const responses = data(
  named('response.created', response('in_progress')),
  named('response.output_item.added', { output_index: 0, item: { type: 'message', role: 'assistant', content: [] } }),
  named('response.content_part.added', { part: { type: 'output_text', text: '' } }),
  named('response.output_text.delta', { delta: 'Two ', sequence_number: 3, obfuscation: 'x9' }),
  named('response.output_text.delta', { delta: 'words', sequence_number: 4 }),
  named('response.output_text.done', { text: 'Two words' }),
  named('response.completed', response('completed', { usage: { input_tokens: 9, output_tokens: 2, total_tokens: 11 } })),
);
// Content filters are told in a chunk before the answer, whose list of choices is empty, and in each choice.
const azure = data(
  { ...head, choices: [], prompt_filter_results: [{ prompt_index: 0, content_filter_results: { hate: { filtered: false } } }] },
  role,
  chunk({ content: 'Two ' }, null, { content_filter_results: { hate: { filtered: false } } }),
  chunk({ content: 'words' }),
  chunk({}, 'stop'),
  { ...head, choices: [], usage },
  done,
);

/** By the file's name. The host of every address is left out; keys are `key`. */
export const shapes: Readonly<Record<string, Shape>> = {
  gsai: { chat: '/api/v1/chat/completions', embedding: '/api/v1/embeddings', headers: bearer('key'), stream: usual, ...read },
  litellm: { chat: '/v1/chat/completions', embedding: '/v1/embeddings', headers: bearer('key'), body: asksUsage, stream: usual, ...read },
  'litellm-messages': {
    chat: '/v1/messages',
    embedding: '/v1/embeddings',
    headers: { ...bearer('key'), 'anthropic-version': '2023-06-01', 'x-api-key': null },
    body: { max_tokens: 50 },
    stream: messages,
    ...read,
  },
  openai: {
    chat: '/v1/chat/completions',
    embedding: '/v1/embeddings',
    headers: bearer('key'),
    body: { ...asksUsage, max_completion_tokens: 50, max_tokens: null },
    stream: usual,
    ...read,
  },
  'openai-responses': {
    chat: '/v1/responses',
    embedding: '/v1/embeddings',
    headers: bearer('key'),
    body: { store: false, max_output_tokens: 50, max_tokens: null, messages: null, stream_options: null },
    stream: responses,
    ...read,
  },
  azure: {
    chat: '/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21',
    embedding: '/openai/deployments/text-embedding-3-small/embeddings?api-version=2024-10-21',
    headers: { 'api-key': 'key', authorization: null },
    stream: azure,
    ...read,
  },
  'azure-v1': {
    chat: '/openai/v1/chat/completions',
    embedding: '/openai/v1/embeddings',
    headers: { 'api-key': 'key', authorization: null },
    stream: azure,
    ...read,
  },
  openrouter: {
    chat: '/api/v1/chat/completions',
    headers: bearer('key'),
    stream: `: OPENROUTER PROCESSING\n\n: OPENROUTER PROCESSING\n\n${data(
      chunk({ role: 'assistant', content: '', reasoning: null }, null, { native_finish_reason: null }),
      chunk({ role: 'assistant', content: 'Two ' }),
      chunk({ role: 'assistant', content: 'words' }),
      chunk({ role: 'assistant', content: '' }, 'stop', { native_finish_reason: 'stop' }),
      { ...head, choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }], usage },
      done,
    )}`,
    ...read,
  },
  vllm: {
    chat: '/v1/chat/completions',
    headers: { authorization: null },
    stream: data(
      chunk({ role: 'assistant', content: '' }, null, { logprobs: null }),
      chunk({ content: 'Two ' }, null, { token_ids: null }),
      chunk({ content: 'words' }),
      chunk({ content: '' }, 'stop', { stop_reason: null }),
      { ...head, choices: [], usage },
      done,
    ),
    ...read,
  },
  ollama: {
    chat: '/v1/chat/completions',
    embedding: '/v1/embeddings',
    headers: { authorization: null },
    stream: data(
      chunk({ role: 'assistant', content: 'Two ' }),
      chunk({ role: 'assistant', content: 'words' }),
      chunk({ role: 'assistant', content: '' }, 'stop'),
      { ...head, system_fingerprint: 'fp_ollama', choices: [], usage },
      done,
    ),
    ...read,
  },
  anthropic: {
    chat: '/v1/messages',
    headers: { 'x-api-key': 'key', 'anthropic-version': '2023-06-01', authorization: null },
    body: { max_tokens: 50, stream_options: null },
    stream: messages,
    ...read,
  },
  bedrock: {
    chat: '/openai/v1/chat/completions',
    headers: { authorization: /^AWS4-HMAC-SHA256 Credential=AK\/\d{8}\/us-west-2\/bedrock\/aws4_request, / },
    stream: usual,
    ...read,
  },
  'bedrock-access-gateway': {
    chat: '/api/v1/chat/completions',
    embedding: '/api/v1/embeddings',
    headers: bearer('key'),
    stream: usual,
    ...read,
  },
  // Each chunk tells the usage so far, and the last content comes with the finish reason.
  gemini: {
    chat: '/v1beta/openai/chat/completions',
    embedding: '/v1beta/openai/embeddings',
    headers: bearer('key'),
    stream: data(
      { ...chunk({ role: 'assistant', content: 'Two ' }), usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 } },
      { ...chunk({ role: 'assistant', content: 'words' }, 'stop'), usage },
      done,
    ),
    ...read,
  },
  mistral: {
    chat: '/v1/chat/completions',
    embedding: '/v1/embeddings',
    headers: bearer('key'),
    body: { stream_options: null },
    stream: data(role, chunk({ content: 'Two ' }), chunk({ content: 'words' }), { ...chunk({ content: '' }, 'stop'), usage }, done),
    ...read,
  },
};
