import type { Kind } from '../settings/types';
import type { StreamWire } from '../http/stream-writer';
import { usageJson } from '../providers/openai-wire';

/**
 * The events of a GSAi stream: no id, null keys left out. Bedrock's role chunk has an empty content, Vertex's has none.
 */
export function gsaiWire(kind: Kind, created: number, model: string): StreamWire {
  const head = `{"object":"chat.completion.chunk","created":${created},"model":${JSON.stringify(model)},"choices":[`;
  const role = kind === 'bedrock' ? '{"content":"","role":"assistant"}' : '{"role":"assistant"}';
  return {
    role: () => `${head}{"index":0,"delta":${role}}]}`,
    content: (text) => `${head}{"index":0,"delta":{"content":${JSON.stringify(text)}}}]}`,
    toolCalls: (calls) => `${head}{"index":0,"delta":{"tool_calls":${JSON.stringify(calls)}}}]}`,
    finish: (reason) => `${head}{"index":0,"delta":{},"finish_reason":${JSON.stringify(reason)}}]}`,
    usage: (usage) => `${head}],"usage":${usageJson(usage)}}`,
    // GSAi has no error event of its own; this is LiteLLM's, for a directive with at=gateway.
    error: () =>
      '{"error":{"message":"The provider failed in mid-stream.","type":"internal_server_error","param":null,"code":"500"}}',
  };
}
