import { Refusal } from '../http/exchange';
import type { StreamWire, Usage } from '../http/stream-writer';
import type { ApiErrors } from './request';
import { ToolArguments } from './tool-call';

/** An error body of Anthropic's. */
export function anthropicError(type: string, message: string): unknown {
  return { type: 'error', error: { type, message }, request_id: null };
}

const OVERLOADED = anthropicError('overloaded_error', 'Overloaded');
const badRequest = (message: string): Refusal => new Refusal(400, anthropicError('invalid_request_error', message));

function rateLimited(retryAfterSeconds: number): Refusal {
  const message = 'This request would exceed your rate limit. Please try again later.';
  const headers = { 'retry-after': String(retryAfterSeconds) };
  return new Refusal(429, anthropicError('rate_limit_error', message), headers);
}

export const anthropicErrors: ApiErrors = {
  badRequest,
  unknownModel: (id) => new Refusal(404, anthropicError('not_found_error', `model: ${id}`)),
  tooLong: (tokens, limit) => badRequest(`prompt is too long: ${tokens} tokens > ${limit} maximum`),
  rateLimited,
  modelFailed: () => new Refusal(500, anthropicError('api_error', 'Internal server error')),
  failure: (status) => {
    if (status === 429) return { body: rateLimited(1).body, headers: { 'retry-after': '1' } };
    return { body: status === 503 ? OVERLOADED : anthropicError('api_error', 'Internal server error') };
  },
};

/** OpenAI's reason in Anthropic's words. */
export const stopReason = (reason: string | null): string | null =>
  reason === null ? null : reason === 'length' ? 'max_tokens' : 'end_turn';

const event = (name: string, data: object): Buffer =>
  Buffer.from(`event: ${name}\ndata: ${JSON.stringify({ type: name, ...data })}\n\n`);

/** The prompt's tokens in Anthropic's words: those of the cache stand beside the others. */
export const inputOf = ({ prompt, cache }: Omit<Usage, 'completion'>) =>
  cache === undefined
    ? { input_tokens: prompt }
    : {
        input_tokens: prompt - cache.read - cache.written,
        cache_creation_input_tokens: cache.written,
        cache_read_input_tokens: cache.read,
      };

/** The events of a Messages stream: the prompt's tokens stand in the first, the answer's in the last but one. */
export function anthropicWire(
  id: string,
  model: string,
  prompt: () => Omit<Usage, 'completion'>,
  tool?: string,
): StreamWire {
  const call = tool === undefined ? null : new ToolArguments(tool);
  const block =
    call === null
      ? { type: 'text', text: '' }
      : { type: 'tool_use', id: id.replace('msg', 'toolu'), name: call.name, input: {} };
  const input = (piece: string) =>
    event('content_block_delta', { index: 0, delta: { type: 'input_json_delta', partial_json: piece } });
  const message = () => ({
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: { ...inputOf(prompt()), output_tokens: 1 },
  });
  const start = () =>
    Buffer.concat([
      event('message_start', { message: message() }),
      event('content_block_start', { index: 0, content_block: block }),
      event('ping', {}),
    ]);
  return {
    role: start,
    content: (text) =>
      call === null
        ? event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })
        : input(call.piece(text)),
    ending: (reason, usage) =>
      Buffer.concat([
        ...(call === null ? [] : [input(call.end())]),
        event('content_block_stop', { index: 0 }),
        event('message_delta', {
          delta: { stop_reason: call !== null && reason ? 'tool_use' : stopReason(reason), stop_sequence: null },
          ...(usage === null ? {} : { usage: { output_tokens: usage.completion } }),
        }),
      ]),
    done: () => event('message_stop', {}),
    error: () => event('error', { error: (OVERLOADED as { error: object }).error }),
    errorName: 'overloaded_error',
  };
}

/** A message that is not streamed. */
export function anthropicAnswer(id: string, model: string, text: string, reason: string | null, usage: Usage | null) {
  return {
    id,
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text }],
    stop_reason: stopReason(reason),
    stop_sequence: null,
    ...(usage === null ? {} : { usage: { ...inputOf(usage), output_tokens: usage.completion } }),
  };
}
