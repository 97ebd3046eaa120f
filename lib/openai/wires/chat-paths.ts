import type { Paths } from 'k6/x/sse';

/** Where a usage stands: on its own, in the choice (Moonshot), or in a field of the vendor's (Groq). */
const usages = ['usage', 'choices.0.usage', 'x_groq.usage'];
// By names: paths that end alike follow each other, which spares the extension from looking for the name again.
const inUsage = (...names: string[]) => names.flatMap((name) => usages.map((usage) => `${usage}.${name}`));
/** Google's and Bedrock's own names, which some gateways pass on. */
const google = 'usageMetadata';
const bedrock = 'amazon-bedrock-invocationMetrics';

/**
 * Words of a finish reason that say that the provider failed, on every wire. DeepSeek says insufficient_system_resource,
 * vLLM abort, Zhipu network_error, Gemini MALFORMED_FUNCTION_CALL.
 */
export const failedFinish = [
  'error',
  'fail',
  'abort',
  'cancel',
  'timeout',
  'insufficient',
  'malformed',
  'unavailable',
  'overload',
];

/**
 * Where the OpenAI wire has its parts in a stream, as GSAi, LiteLLM, vLLM, OpenRouter and OpenAI itself write them.
 * `reasoning_content` is LiteLLM's and DeepSeek's name, `reasoning` and `reasoning_details` are OpenRouter's,
 * `thinking_blocks` is LiteLLM's for Anthropic; `usage.promptTokens` is how GSAi writes an embedding's usage.
 */
export const openaiPaths: Paths = {
  content: [
    'choices.0.delta.content',
    'choices.0.delta.refusal',
    'choices.0.delta.audio.transcript',
    'choices.0.text', // of the older completions
  ],
  reasoning: [
    'choices.0.delta.reasoning_content',
    'choices.0.delta.reasoning',
    'choices.0.delta.reasoning_details',
    'choices.0.delta.reasoning_text',
    'choices.0.delta.thinking',
    'choices.0.delta.thinking_blocks',
  ],
  toolCalls: ['choices.0.delta.tool_calls', 'choices.0.delta.function_call'],
  media: ['choices.0.delta.audio.data', 'choices.0.delta.images'],
  finish: ['choices.0.finish_reason'],
  failedFinish,
  promptTokens: [
    ...inUsage('prompt_tokens', 'input_tokens', 'promptTokens', 'inputTokens'),
    `${google}.promptTokenCount`,
    `${bedrock}.inputTokenCount`,
  ],
  completionTokens: [
    ...inUsage('completion_tokens', 'output_tokens', 'completionTokens', 'outputTokens'),
    `${google}.candidatesTokenCount`,
    `${bedrock}.outputTokenCount`,
  ],
  totalTokens: [...inUsage('total_tokens', 'totalTokens'), `${google}.totalTokenCount`],
  reasoningTokens: [
    ...inUsage(
      'completion_tokens_details.reasoning_tokens',
      'output_tokens_details.reasoning_tokens',
      'reasoning_tokens',
    ),
    `${google}.thoughtsTokenCount`,
  ],
  cachedTokens: [
    ...inUsage(
      'prompt_tokens_details.cached_tokens',
      'input_tokens_details.cached_tokens',
      'cached_tokens',
      'cache_read_input_tokens',
      'prompt_cache_hit_tokens',
    ),
    `${google}.cachedContentTokenCount`,
  ],
  // The last is vLLM's and SGLang's, where the event itself is the error.
  error: ['error', 'choices.0.error', 'choices.0.delta.error', 'errors', '[@this].#(object=="error")'],
  done: '[DONE]',
};

const inDocument = (path: string) => path.replace('.delta.', '.message.');

/** The same in an answer that is one document. */
export const documentPaths: Paths = {
  ...openaiPaths,
  content: openaiPaths.content.map(inDocument),
  reasoning: openaiPaths.reasoning.map(inDocument),
  toolCalls: openaiPaths.toolCalls.map(inDocument),
  media: openaiPaths.media?.map(inDocument),
  error: openaiPaths.error.map(inDocument),
};

/** Of a reranker: Cohere, and LiteLLM after it, tell tokens or what is billed in `meta`; Jina and vLLM tell `usage`. */
export const rerankPaths: Paths = {
  ...documentPaths,
  promptTokens: [
    'meta.tokens.input_tokens',
    'meta.billed_units.input_tokens',
    'meta.billed_units.total_tokens',
    'usage.prompt_tokens',
    'usage.total_tokens',
  ],
  error: [...documentPaths.error, 'message'],
};
