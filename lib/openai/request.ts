import type { StreamParams } from 'k6/x/sse';
import { merged, wireRoutes, type Fields, type Parameters } from '../config';
import { family } from '../metrics';
import type { Call, ChatCall, EmbeddingCall, Message } from '../workload';
import { documentPaths, rerankPaths, wires } from './wires';
import { traceparent } from './traceparent';

/** One HTTP request to the gateway, with the tags that its samples carry. */
export interface Request {
  url: string;
  params: StreamParams;
  tags: Record<string, string>;
}

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
  if (p.traces !== undefined && !Object.keys(p.headers).some((name) => /^traceparent$/i.test(name)))
    params.headers = { ...params.headers, traceparent: traceparent(p.traces, p.seed, turn) };
  const body = bodyOf(call, tags.model!, p);
  return { url, tags, params: body === undefined ? params : { ...params, body } };
}

/** Where a call goes, below the base URL. */
function routeOf(call: Call, model: string, { routes, wire, embeddingWire }: Parameters): string {
  if (call.kind === 'refused' && call.route !== undefined) return call.route;
  const usual = { chat: wireRoutes[wire], refused: wireRoutes[wire], embedding: embeddingWire, models: 'models' };
  const route = routes[call.kind === 'refused' ? 'chat' : call.kind] ?? usual[call.kind];
  return route.replace('{model}', encodeURIComponent(model));
}

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
    headers: headersOf(call, p, agency),
    expect: 'json',
    paths: documentPaths,
    timeouts: p.timeouts,
  };
  // A key that is to be refused is sent in place of what authenticates.
  if (p.credentials && !(call.kind === 'refused' && call.key !== undefined)) params.authenticated = true;
  if ('fresh' in call && call.fresh) params.apart = true;
  if (call.kind === 'refused') params.expectStatus = [...call.wanted];
  if (call.kind === 'chat') {
    const { stream, document } = wires[p.wire];
    Object.assign(params, call.plain ? { output: true, paths: document } : { expect: 'stream', paths: stream });
    if (call.tool) params.tools = true;
  }
  if (call.kind === 'chat' && (call.cancelAfter ?? call.cancelAfterMs) !== undefined)
    params.cancelAfter = { events: call.cancelAfter, ms: call.cancelAfterMs };
  if (call.kind === 'embedding') {
    // An embedding's answer must hold a vector for each text.
    const reranks = p.embeddingWire === 'rerank';
    params.count = reranks ? 'results.#' : 'data.#';
    params.counted = reranks ? documentsOf(call.texts).length : call.texts.length;
    if (reranks) params.paths = rerankPaths;
    else if (call.vectors !== undefined) params.vectors = call.vectors;
  }
  const base = call.kind === 'models' ? (call.base ?? p.baseUrl) : p.baseUrl;
  return { url: `${base}/${routeOf(call, model, p)}${p.query}`, tags, params };
}

/** The headers of a request: ours, and what HEADERS adds to them or takes away. */
function headersOf(call: Call, p: Parameters, agency: number): Record<string, string> {
  const headers: Record<string, string> = { 'Content-Type': 'application/json', ...wires[p.wire].headers };
  const key = call.kind === 'refused' && call.key !== undefined ? call.key : (p.apiKeys[agency] ?? '');
  if (key !== '' && p.keyHeader) headers[p.keyHeader.name] = `${p.keyHeader.prefix}${key}`;
  for (const [name, value] of Object.entries(p.headers)) {
    for (const ours of Object.keys(headers)) if (ours.toLowerCase() === name.toLowerCase()) delete headers[ours];
    if (value !== null) headers[name] = value;
  }
  return headers;
}

/** The body of a call in the words of its wire, with what BODY changes in it; undefined where the request has none. */
export function bodyOf(call: Call, model: string, p: Parameters): string | undefined {
  switch (call.kind) {
    case 'chat':
      return JSON.stringify(patched(chatBody(call, model, p, messagesOf(call, p)), p.body));
    case 'embedding':
      return JSON.stringify(
        patched(
          p.embeddingWire === 'rerank'
            ? { model, query: call.texts[0], documents: documentsOf(call.texts) }
            : { model, input: call.texts.length === 1 ? call.texts[0] : call.texts },
          p.embeddingBody,
        ),
      );
    case 'models':
      return undefined;
    case 'refused':
      return call.body;
  }
}

/** The texts that a reranker puts in order: all but the query, which is asked about itself where there is no other. */
const documentsOf = (texts: readonly string[]) => (texts.length === 1 ? texts : texts.slice(1));

/** Nothing is copied where there is nothing to merge: this runs for each request. */
function patched(body: Fields, patch: Fields): Fields {
  return isBare(patch) ? body : merged(body, patch);
}

/** A body with texts in it that Go keeps: what stands before them and behind them, and their numbers. */
export interface AroundStored {
  body: string;
  behind: string;
}

/**
 * What stands around the texts of a call that Go keeps, in its body; undefined where they are to be worded otherwise. It is
 * the same for all calls of a kind, a model, a number of texts and a bound of the answer.
 */
export function aroundStored(call: Call, model: string, p: Parameters): AroundStored | undefined {
  if (!isStored(call, p)) return undefined;
  const body = call.kind === 'chat' ? chatBody(call, model, p, []) : { model, input: [] };
  const text = JSON.stringify(body);
  // The first is it: before it stands the model alone, whose quotes are escaped.
  const place = call.kind === 'chat' ? '"messages":[]' : '"input":[]';
  const at = text.indexOf(place) + place.length - 2;
  const [open, close] = call.kind === 'chat' || call.stored.count === 1 ? ['', ''] : ['[', ']'];
  return { body: text.slice(0, at) + open, behind: close + text.slice(at + 2) };
}

/** A call whose texts are those that Go keeps. */
export type StoredCall = (ChatCall | EmbeddingCall) & { stored: { number: number; count?: number } };

/** Whether the texts of a call are kept in Go, and stand in its body as they are kept. */
export function isStored(call: Call, p: Parameters): call is StoredCall {
  if (call.kind === 'chat')
    return call.stored?.call === call && p.wire === 'chat' && p.system === undefined && !call.marks && isBare(p.body);
  return (
    call.kind === 'embedding' &&
    call.stored?.call === call &&
    p.embeddingWire === 'embeddings' &&
    isBare(p.embeddingBody)
  );
}

const isBare = (patch: Fields): boolean => Object.keys(patch).length === 0;

function chatBody(call: ChatCall, model: string, p: Parameters, messages: readonly Message[]): Fields {
  return wires[p.wire].body({
    model,
    messages,
    stream: !call.plain,
    usage: p.streamOptions,
    maxTokens: call.maxTokens ?? p.maxTokens,
    maxTokensField: p.maxTokensField,
    tool: call.tool,
    marks: call.marks,
  });
}

/** The messages of a chat, with the system message of SYSTEM in place of its own. */
function messagesOf({ messages }: ChatCall, { system }: Parameters): readonly Message[] {
  if (system === undefined) return messages;
  const rest = messages[0]?.role === 'system' ? messages.slice(1) : messages;
  return [{ role: 'system', content: system }, ...rest];
}
