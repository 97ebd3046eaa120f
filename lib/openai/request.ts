import type { StreamParams } from 'k6/x/sse';
import type { Parameters } from '../config';
import type { Call } from '../workload/mix';
import { openaiPaths } from './paths';
import { traceparent } from './traceparent';

/** One HTTP request to the gateway, with the tags that its samples carry. */
export interface Request {
  url: string;
  params: StreamParams;
  tags: Record<string, string>;
}

/** Time-outs of every request, ms. */
export const timeouts = { first: 30_000, idle: 30_000, total: 120_000 } as const;

/** The model families that the plan gives token rates for. */
export function family(model: string): string {
  return /claude|gemini|llama|cohere/i.exec(model)?.[0].toLowerCase() ?? 'other';
}

/** Addresses a call to the gateway. `turn` chooses model and key, so that several of them are used evenly. */
export function request(call: Call, p: Parameters, turn: number): Request {
  const key = p.apiKeys[turn % p.apiKeys.length];
  const headers: Record<string, string> = { 'Content-Type': 'application/json' };
  if (key !== undefined) headers.Authorization = `Bearer ${key}`;
  if (p.traces !== undefined) headers.traceparent = traceparent(p.traces, p.seed, turn);
  const build = (route: string, model: string, body: object | undefined, expect: 'stream' | 'json'): Request => {
    const tags = { kind: call.kind, size: call.size, model, family: family(model) };
    return {
      url: `${p.baseUrl}/${route}`,
      tags,
      params: {
        method: body === undefined ? 'GET' : 'POST',
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        expect,
        paths: openaiPaths,
        timeouts,
        count: call.kind === 'embedding' ? 'data.#' : undefined,
      },
    };
  };
  switch (call.kind) {
    case 'chat': {
      const model = p.models[turn % p.models.length]!;
      return build('chat/completions', model, chatBody(call, model, p), 'stream');
    }
    case 'embedding':
      return build('embeddings', p.embeddingModel, { model: p.embeddingModel, input: call.texts.length === 1 ? call.texts[0] : call.texts }, 'json');
    case 'models':
      return build('models', 'none', undefined, 'json');
  }
}

function chatBody(call: Extract<Call, { kind: 'chat' }>, model: string, p: Parameters): object {
  return {
    model,
    messages: call.messages,
    stream: true,
    // Without it OpenAI and LiteLLM send no usage; GSAi ignores it and always does.
    stream_options: { include_usage: true },
    max_tokens: p.maxTokens,
  };
}
