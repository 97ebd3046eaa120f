import type { Paths } from 'k6/x/sse';
import type { Fields } from '../../config';
import { failedFinish } from './chat-paths';
import { anthropicMessages } from './parts';
import { namedToolCall } from './tools';
import { ofType, type Wire } from './wire';

const usages = ['usage', 'message.usage'];
const inUsage = (name: string) => usages.map((usage) => `${usage}.${name}`);

const paths: Paths = {
  content: ['delta.text'],
  reasoning: ['delta.thinking'],
  // A tool's name stands in the event that begins its block, its arguments in the deltas.
  toolCalls: ['delta.partial_json', 'content_block.name', 'content_block.id'],
  finish: ['delta.stop_reason'],
  failedFinish,
  promptTokens: inUsage('input_tokens'),
  // What was read from the cache and written to it is not among the input tokens.
  besidePromptTokens: [...inUsage('cache_read_input_tokens'), ...inUsage('cache_creation_input_tokens')],
  completionTokens: inUsage('output_tokens'),
  cachedTokens: inUsage('cache_read_input_tokens'),
  error: ['error'],
  over: [ofType('message_stop', 'type')],
  done: '[DONE]',
};

/** Anthropic's own answers are bounded by request: it wants a number. */
const usualMaxTokens = 4096;

/** Anthropic's Messages: events by name, and a usage in two of them. */
export const messages: Wire = {
  stream: paths,
  document: {
    ...paths,
    content: ['content'],
    reasoning: ['content.#(type=="thinking")#.thinking'],
    toolCalls: ['content.#(type=="tool_use")#.name'],
    finish: ['stop_reason'],
  },
  headers: { 'anthropic-version': '2023-06-01' },
  toolCall: namedToolCall,
  body({
    model,
    messages: all,
    stream,
    maxTokens = usualMaxTokens,
    maxTokensField = 'max_tokens',
    tool,
    marks = false,
  }) {
    const body: Fields = { model, ...anthropicMessages(all, marks) };
    if (tool) body.tools = [{ name: tool.name, description: tool.description, input_schema: tool.parameters }];
    if (stream) body.stream = true;
    body[maxTokensField] = maxTokens;
    return body;
  },
};
