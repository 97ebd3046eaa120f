import type { Fields } from '../../config';
import { documentPaths, openaiPaths } from './chat-paths';
import { chatMessages } from './parts';
import { chatToolCall } from './tools';
import type { Wire } from './wire';

/** OpenAI's chat completions, which most gateways speak. */
export const chat: Wire = {
  stream: openaiPaths,
  document: documentPaths,
  toolCall: chatToolCall,
  body({ model, messages, stream, usage, maxTokens, maxTokensField = 'max_tokens', tool, marks = false }) {
    const body: Fields = { model, messages: chatMessages(messages, marks) };
    if (tool) body.tools = [{ type: 'function', function: tool }];
    if (stream) {
      body.stream = true;
      // Without stream_options OpenAI and LiteLLM send no usage in a stream; GSAi ignores it and always does.
      if (usage) body.stream_options = { include_usage: true };
    }
    body[maxTokensField] = maxTokens;
    return body;
  },
};
