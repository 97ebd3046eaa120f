import { Refusal } from '../http/exchange';
import type { StreamWire, Usage } from '../http/stream-writer';
import type { ApiErrors } from './request';
import { ToolArguments } from './tool-call';

/** An OpenAI error body. */
export function openaiError(message: string, type: string, code: string | null, param: string | null = null): unknown {
  return { error: { message, type, param, code } };
}

function badRequest(message: string, code: string | null = null, param: string | null = null): Refusal {
  return new Refusal(400, openaiError(message, 'invalid_request_error', code, param));
}

function rateLimited(retryAfterSeconds: number): Refusal {
  const body = openaiError('Rate limit reached. Please try again later.', 'requests', 'rate_limit_exceeded');
  return new Refusal(429, body, { 'retry-after': String(retryAfterSeconds) });
}

const SERVER_ERROR = openaiError('The server had an error while processing your request.', 'server_error', null);

export const openaiErrors: ApiErrors = {
  badRequest,
  unknownModel: (id) =>
    new Refusal(
      404,
      openaiError(`The model \`${id}\` does not exist.`, 'invalid_request_error', 'model_not_found', 'model'),
    ),
  tooLong: (tokens, limit, field) =>
    badRequest(
      `This model's maximum context length is ${limit} tokens. However, your messages resulted in ${tokens} tokens. Please reduce the length of the messages.`,
      'context_length_exceeded',
      field,
    ),
  rateLimited,
  modelFailed: () => new Refusal(500, SERVER_ERROR),
  failure: (status) => {
    if (status === 429) return { body: rateLimited(1).body, headers: { 'retry-after': '1' } };
    if (status === 500) return { body: SERVER_ERROR };
    return {
      body: openaiError('The engine is currently overloaded, please try again later.', 'server_error', 'overloaded'),
    };
  },
};

/** Several events at once. */
const framed = (...events: string[]): Buffer => Buffer.from(events.map((event) => `data: ${event}\n\n`).join(''));

/** The events of a chat completion stream. With `usageAsked` every chunk carries `usage:null`, as OpenAI's own do. */
export function openaiWire(id: string, created: number, model: string, usageAsked: boolean, tool?: string): StreamWire {
  const head = `{"id":"${id}","object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(model)},"choices":[`;
  const tail = usageAsked ? '],"usage":null}' : ']}';
  const chunk = (delta: string, finish: string, end = tail): string =>
    `${head}{"index":0,"delta":${delta},"logprobs":null,"finish_reason":${finish}}${end}`;
  const call = tool === undefined ? null : new ToolArguments(tool);
  const callDelta = (piece: object): string => JSON.stringify({ tool_calls: [{ index: 0, ...piece }] });
  return {
    role: () => chunk('{"role":"assistant","content":"","refusal":null}', 'null'),
    content: (text, usage) =>
      chunk(
        call === null
          ? `{"content":${JSON.stringify(text)}}`
          : callDelta({
              ...(call.begun ? {} : { id: `call_${id}`, type: 'function' }),
              function: { ...(call.begun ? {} : { name: call.name }), arguments: call.piece(text) },
            }),
        'null',
        usage === null ? tail : `],"usage":${usageJson(usage)}}`,
      ),
    finish: (reason) =>
      call === null
        ? chunk('{}', JSON.stringify(reason))
        : framed(chunk(callDelta({ function: { arguments: call.end() } }), 'null'), chunk('{}', '"tool_calls"')),
    usage: (usage) => `${head}],"usage":${usageJson(usage)}}`,
    error: () => JSON.stringify(SERVER_ERROR),
    errorName: 'server_error',
  };
}

/** The usage as OpenAI tells it, as JSON. */
export function usageJson({ prompt, completion, cache }: Usage): string {
  return JSON.stringify({
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(cache === undefined ? {} : { prompt_tokens_details: { cached_tokens: cache.read } }),
  });
}
