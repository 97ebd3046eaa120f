import type { Paths } from 'k6/x/sse';
import type { Fields } from '../../config';
import { failedFinish } from './chat-paths';
import { responsesItems } from './parts';
import { namedToolCall } from './tools';
import { ofType, type Wire } from './wire';

const delta = (type: string) => ofType(`response.${type}.delta`, 'delta');
const usages = ['response.usage', 'usage'];
const inUsage = (name: string) => usages.map((usage) => `${usage}.${name}`);

const paths: Paths = {
  content: [delta('output_text'), delta('refusal'), delta('output_audio_transcript'), delta('audio.transcript')],
  reasoning: [delta('reasoning_text'), delta('reasoning_summary_text'), delta('reasoning_summary')],
  toolCalls: [
    // The item that begins names its tool and the call, in this order.
    ofType('response.output_item.added', 'item.name'),
    ofType('response.output_item.added', 'item.call_id'),
    delta('function_call_arguments'),
    delta('custom_tool_call_input'),
    delta('mcp_call_arguments'),
    delta('code_interpreter_call_code'),
  ],
  media: [
    delta('output_audio'),
    delta('audio'),
    ofType('response.image_generation_call.partial_image', 'partial_image_b64'),
  ],
  // The events before these say that the answer is in progress, which is no finish.
  finish: [
    ofType('response.completed', 'response.status'),
    ofType('response.incomplete', 'response.incomplete_details.reason'),
    ofType('response.incomplete', 'response.status'),
  ],
  failedFinish,
  promptTokens: inUsage('input_tokens'),
  completionTokens: inUsage('output_tokens'),
  totalTokens: inUsage('total_tokens'),
  reasoningTokens: inUsage('output_tokens_details.reasoning_tokens'),
  cachedTokens: inUsage('input_tokens_details.cached_tokens'),
  error: ['error', 'response.error', ofType('error', 'message'), ofType('response.failed', 'response.status')],
  over: [ofType('response.completed', 'type'), ofType('response.incomplete', 'type')],
  done: '[DONE]',
};

/** OpenAI's Responses. */
export const responses: Wire = {
  stream: paths,
  document: {
    ...paths,
    content: ['output.#(type=="message")#.content'],
    reasoning: ['output.#(type=="reasoning")#.content', 'output.#(type=="reasoning")#.summary'],
    toolCalls: ['output.#(type=="function_call")#.name'],
    media: ['output.#(type=="image_generation_call")#.result'],
    finish: ['incomplete_details.reason', 'status'],
  },
  toolCall: namedToolCall,
  body({ model, messages, stream, maxTokens, maxTokensField = 'max_output_tokens', tool }) {
    const body: Fields = { model, input: responsesItems(messages) };
    if (tool) body.tools = [{ type: 'function', ...tool }];
    if (stream) body.stream = true;
    body[maxTokensField] = maxTokens;
    return body;
  },
};
