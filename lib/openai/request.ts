import type { StreamParams } from 'k6/x/sse';
import type { Parameters } from '../config';
import { family } from '../metrics';
import type { Call } from '../workload';
import { documentPaths, openaiPaths } from './paths';
import { traceparent } from './traceparent';

/** One HTTP request to the gateway, with the tags that its samples carry. */
export interface Request {
  url: string;
  params: StreamParams;
  tags: Record<string, string>;
}

/** Time-outs of every request, ms. */
export const timeouts = { first: 30_000, idle: 30_000, total: 120_000 } as const;

/** Keys are told apart by the tag `agency` up to so many: each tag value is a series of its own in every output. */
const mostAgencies = 200;

/** The model that a call asks for; `turn` takes several in turn. */
export function modelOf(call: Call, p: Parameters, models: readonly string[], turn: number): string {
  if (call.kind === 'embedding') return p.embeddingModel;
  return call.kind === 'chat' ? (call.model ?? models[turn % models.length]!) : 'none';
}

/** Addresses a call to the gateway. `turn` chooses model and key, so that several of them are used evenly. */
export function request(call: Call, p: Parameters, turn: number): Request {
  const { url, params, tags } = addressed(call, p, modelOf(call, p, p.models, turn), keyOf(p, turn));
  if (p.traces !== undefined) params.headers = { ...params.headers, traceparent: traceparent(p.traces, p.seed, turn) };
  const body = bodyOf(call, tags.model!, p);
  return { url, tags, params: body === undefined ? params : { ...params, body } };
}

const routes = { chat: 'chat/completions', embedding: 'embeddings', models: 'models' } as const;

const routeOf = (call: Call) => (call.kind === 'refused' ? (call.route ?? routes.chat) : routes[call.kind]);
const methodOf = (call: Call) =>
  call.kind === 'refused' ? (call.method ?? 'POST') : call.kind === 'models' ? 'GET' : 'POST';

/** The golden ratio's fractional part: its multiples fill 0 to 1 more evenly than draws do (Kronecker's sequence). */
const golden = (Math.sqrt(5) - 1) / 2;

/** Which of the keys, from 0: in turn, or as often as its weight says. */
export function keyOf({ apiKeys, keyWeights }: Parameters, turn: number): number {
  if (apiKeys.length < 2) return 0;
  if (keyWeights === undefined) return turn % apiKeys.length;
  let left = ((turn * golden) % 1) * keyWeights.reduce((sum, weight) => sum + weight, 0);
  const chosen = keyWeights.findIndex((weight) => (left -= weight) < 0);
  return chosen < 0 ? apiKeys.length - 1 : chosen;
}

/** A request without its body: all that calls alike have in common. */
export function addressed(call: Call, p: Parameters, model: string, agency: number): Request {
  const tags: Record<string, string> = { kind: call.kind, size: call.size, model, family: family(model) };
  if (p.apiKeys.length > 1 && p.apiKeys.length <= mostAgencies) tags.agency = String(agency + 1);
  const params: StreamParams = {
    method: methodOf(call),
    headers: { 'Content-Type': 'application/json' },
    expect: 'json',
    paths: documentPaths,
    timeouts,
  };
  const key = call.kind === 'refused' && call.key !== undefined ? call.key : (p.apiKeys[agency] ?? '');
  if (key !== '') params.headers!.Authorization = `Bearer ${key}`;
  if (call.kind === 'refused') params.expectStatus = [...call.wanted];
  if (call.kind === 'chat') {
    if (call.plain) params.output = true;
    else Object.assign(params, { expect: 'stream', paths: openaiPaths } satisfies Partial<StreamParams>);
  }
  if (call.kind === 'chat' && call.cancelAfter !== undefined) params.cancelAfter = { events: call.cancelAfter };
  if (call.kind === 'embedding') {
    // An embedding's answer must hold a vector for each text.
    params.count = 'data.#';
    params.counted = call.texts.length;
  }
  return { url: `${p.baseUrl}/${routeOf(call)}`, tags, params };
}

export function bodyOf(call: Call, model: string, p: Parameters): string | undefined {
  switch (call.kind) {
    case 'chat':
      return JSON.stringify(chatBody(call, model, p));
    case 'embedding':
      return JSON.stringify({ model, input: call.texts.length === 1 ? call.texts[0] : call.texts });
    case 'models':
      return undefined;
    case 'refused':
      return call.body;
  }
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
