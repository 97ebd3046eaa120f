import type { StreamRecord, Vectors } from 'k6/x/sse';
import type { Call } from '../workload';
import type { SentRequest } from './sent';

/**
 * What `withProviderRecord({ chunks: true })` keeps of a request beside the rest: enough to lay it beside the provider's
 * record of it, chunk by chunk.
 */
export interface RequestDetail {
  kind: Call['kind'];
  size: string;
  /** Which key it was sent with, from 1; 0 without keys. */
  key: number;
  /** When it was sent, CLOCK_MONOTONIC ns: the truth's clock. -1: not known on this system. */
  sentAt: number;
  /** ms from sending; -1: did not happen. */
  ttfb: number;
  firstChunk: number;
  /** Arrival of each content-bearing event, ms from sending, to the microsecond. */
  offsets: number[];
  /**
   * The provider's record that the answer's first token names (`echo`); -1: none, -2: the answer to another request.
   */
  served: number;
  /**
   * Prompt tokens that were sent, without the directive: o200k_base of the contents, and by OpenAI's rule 4 a message
   * and 3; 0: not known.
   */
  sentTokens: number;
  /** By the gateway's usage; -1: it sent none. */
  promptTokens: number;
  completionTokens: number;
  /** Texts of an embedding request, 0 for the others. */
  texts: number;
  /** What was seen of its vectors, where they were looked at. */
  vectors?: Vectors;
  /** max_tokens that were sent; 0: none. */
  maxTokens: number;
  /** Which models its list named, as a hash; of other requests none. */
  list?: number;
  /** The answer's Retry-After, "" without one. */
  retryAfter: string;
}

/** FNV-1a of a text, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/**
 * Which models a list names, as a hash, whatever their order and what else is told of each: some servers date each list anew,
 * and some have no order. A list of another form is taken as it is.
 */
function listOf(body: string): number {
  let ids: unknown[] = [];
  try {
    const told = JSON.parse(body) as { data?: { id?: unknown }[] } | { id?: unknown }[];
    ids = (Array.isArray(told) ? told : told.data!).map(({ id }) => id);
  } catch {
    // It is of another form.
  }
  const known = ids.length > 0 && ids.every((id) => typeof id === 'string');
  return hashOf(known ? ids.sort().join('\n') : body);
}

/** The details of one request. `keys`: how many are taken in turn; `maxTokens`: of requests that say nothing else. */
export function detailOf(
  { id, call, arrival: { index } }: SentRequest,
  answer: StreamRecord,
  keys: number,
  maxTokens = 0,
): RequestDetail {
  const text = call.kind === 'chat' && call.plain ? plainText(answer.body) : answer.text;
  return {
    kind: call.kind,
    size: call.size,
    key: keys > 0 ? (index % keys) + 1 : 0,
    sentAt: answer.sentAt,
    ttfb: answer.ttfb,
    firstChunk: answer.firstChunk,
    offsets: answer.offsets.map((offset) => Math.round(offset * 1000) / 1000),
    served: servedBy(id, text),
    sentTokens: call.kind === 'chat' && call.tokens !== undefined ? call.tokens + 4 * call.messages.length + 3 : 0,
    promptTokens: answer.promptTokens,
    completionTokens: answer.completionTokens,
    texts: call.kind === 'embedding' ? call.texts.length : 0,
    vectors: answer.vectors ?? undefined,
    ...(call.kind === 'models' ? { list: listOf(answer.body) } : {}),
    maxTokens: call.kind === 'chat' ? (call.maxTokens ?? maxTokens) : 0,
    retryAfter: answer.headers['retry-after'] ?? '',
  };
}

/** What {@link servedBy} says of an answer that begins with the id of another request. */
export const isAnothers = -2;

/**
 * The record number in an answer that begins with `<id>.<number> `; -1 when it begins with no such thing, -2 with
 * another's id.
 */
export function servedBy(id: string, text: string): number {
  const found = /^(\S+)\.(\d+)(?:\s|$)/.exec(text);
  if (!found) return -1;
  return found[1] === id ? Number(found[2]) : isAnothers;
}

/** The content of a chat answer that is no stream. */
function plainText(body: string): string {
  try {
    const { choices } = JSON.parse(body) as { choices?: { message?: { content?: unknown } }[] };
    const content = choices?.[0]?.message?.content;
    return typeof content === 'string' ? content : '';
  } catch {
    return '';
  }
}
