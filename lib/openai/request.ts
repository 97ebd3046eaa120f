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

const families = new Map<string, string>();

/** The model families that the plan gives token rates for. */
export function family(model: string): string {
  let found = families.get(model);
  if (found === undefined) families.set(model, (found = /claude|gemini|llama|cohere/i.exec(model)?.[0].toLowerCase() ?? 'other'));
  return found;
}

/** Keys are told apart by the tag `agency` up to so many: each tag value is a series of its own in every output. */
const mostAgencies = 50;

/** Addresses a call to the gateway. `turn` chooses model and key, so that several of them are used evenly. */
export function request(call: Call, p: Parameters, turn: number): Request {
  switch (call.kind) {
    case 'chat': {
      const model = call.model ?? p.models[turn % p.models.length]!;
      const built = addressed(call, p, turn, 'chat/completions', model, chatBody(call, model, p));
      if (!call.plain) built.params.expect = 'stream';
      if (call.cancelAfter !== undefined) built.params.cancelAfter = { events: call.cancelAfter };
      return built;
    }
    case 'embedding': {
      const built = addressed(call, p, turn, 'embeddings', p.embeddingModel, { model: p.embeddingModel, input: call.texts.length === 1 ? call.texts[0] : call.texts });
      built.params.count = 'data.#';
      return built;
    }
    case 'models':
      return addressed(call, p, turn, 'models', 'none');
  }
}

const headers = new Map<string | undefined, Record<string, string>>();

function headersOf(key: string | undefined): Record<string, string> {
  let found = headers.get(key);
  if (!found) headers.set(key, (found = key === undefined ? { 'Content-Type': 'application/json' } : { 'Content-Type': 'application/json', Authorization: `Bearer ${key}` }));
  return found;
}

function addressed(call: Call, p: Parameters, turn: number, route: string, model: string, body?: object): Request {
  const agency = turn % p.apiKeys.length;
  const key = p.apiKeys[agency];
  const tags: Record<string, string> = { kind: call.kind, size: call.size, model, family: family(model) };
  if (p.apiKeys.length > 1 && p.apiKeys.length <= mostAgencies) tags.agency = String(agency + 1);
  const params: StreamParams = { method: body === undefined ? 'GET' : 'POST', headers: p.traces === undefined ? headersOf(key) : { ...headersOf(key), traceparent: traceparent(p.traces, p.seed, turn) }, expect: 'json', paths: openaiPaths, timeouts };
  if (body !== undefined) params.body = JSON.stringify(body);
  return { url: `${p.baseUrl}/${route}`, tags, params };
}

function chatBody(call: Extract<Call, { kind: 'chat' }>, model: string, p: Parameters): object {
  return {
    model,
    messages: call.messages,
    // Without stream_options OpenAI and LiteLLM send no usage in a stream; GSAi ignores it and always does.
    ...(call.plain ? {} : { stream: true, stream_options: { include_usage: true } }),
    max_tokens: call.maxTokens ?? p.maxTokens,
  };
}
