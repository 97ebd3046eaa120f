import type { Paths } from 'k6/x/sse';

/**
 * Where the OpenAI wire has its parts, as GSAi, LiteLLM, vLLM and OpenAI itself write them. `reasoning_content` is
 * LiteLLM's and DeepSeek's name, `reasoning` OpenRouter's; `usage.promptTokens` is how GSAi writes an embedding's
 * usage.
 */
export const openaiPaths: Paths = {
  content: ['choices.0.delta.content'],
  reasoning: ['choices.0.delta.reasoning_content', 'choices.0.delta.reasoning'],
  toolCalls: ['choices.0.delta.tool_calls'],
  finish: ['choices.0.finish_reason'],
  promptTokens: ['usage.prompt_tokens', 'usage.promptTokens'],
  completionTokens: ['usage.completion_tokens'],
  error: ['error'],
  done: '[DONE]',
};
