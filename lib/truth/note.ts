import type { Outcome, StreamRecord } from 'k6/x/sse';
import type { Call, Content } from '../workload';
import type { RequestDetail } from './detail';
import type { SentRequest } from './sent';

/** What is kept of each request, for findings about single requests. Times in ms; -1: did not happen. */
export interface RequestNote {
  /** Carried in the prompt: the provider's truth has the same. */
  id: string;
  index: number;
  phase: string;
  model: string;
  /** Since the schedule's start. */
  sent: number;
  ttft: number;
  e2e: number;
  /** When reading ended, since `sent`. */
  end: number;
  outcome: Outcome;
  status: number;
  chunks: number;
  /** Words of the content; the simulated provider's words are one token each. */
  words: number;
  /** Gaps between content-bearing events: the mean and the longest; -1 below two events. */
  gap: number;
  gapMax: number;
  /** A chat that was asked for whole. */
  plain?: true;
  /** A request for embeddings. */
  embedding?: true;
  /** With `withProviderRecord({ chunks: true })`. */
  detail?: RequestDetail;
  /** With `withProviderRecord({ whose })`: the call's size, and the bytes of its answer. */
  size?: string;
  bytes?: number;
  /** With `withConnections()`: what a new connection took, ms, whether a kept one was used, and the instance by its header. */
  connect?: number;
  reused?: boolean;
  /** The answer said that its connection is closed after it. */
  closes?: true;
  instance?: string;
  /** By its header a cache of the target's gave the answer; undefined without CACHE_HEADER. */
  cached?: boolean;
  /** The answer began with the id of another request. */
  another?: true;
}

/** What is kept of a request that failed. */
export interface FailureNote {
  phase: string;
  size: string;
  outcome: Outcome;
  status: number;
  /** In words: the target's own where it said some. */
  error: string;
  /** When it ended, since it was sent, ms. */
  end: number;
}

/** A phase and its rate, requests per second. */
export interface RungNote {
  phase: string;
  rate: number;
}

/** What is kept of a request that was sent in a group: several at the same moment. Times in ms. */
export interface GroupNote {
  phase: string;
  /** When the group was due, since the schedule's start. */
  at: number;
  role: 'aggressor' | 'bystander' | 'victim';
  kind: 'stream' | 'plain' | 'embedding' | 'list' | 'refused';
  ok: boolean;
  /** To the first token of a stream, to the end of all else. */
  ms: number;
  /** The longest gap of a stream; -1 without one. */
  gap: number;
}

/** What the hook told of one restart: ms since it was asked. */
export interface RestartNote {
  stopped_ms?: number;
  code?: number | null;
  signal?: string | null;
  started_ms?: number;
}

/** What was seen of one trace. Times in ms. */
export interface TraceNote {
  found: boolean;
  /** Spans of the target for the request itself, and for its call of the provider. */
  server: number;
  calls: number;
  /** The longest span of a server. */
  serverMs: number;
  /** Until the client had all of the answer. */
  clientMs: number;
}

/** How long after a request its page counted it, s; undefined: it never did. */
export interface RefreshNote {
  seconds?: number;
}

/** What is noted of one request. */
export function noteOf(
  { id, call, arrival, model }: SentRequest,
  answer: StreamRecord,
  detail?: RequestDetail,
): RequestNote {
  const { offsets } = answer;
  let gapMax = -1;
  for (let i = 1; i < offsets.length; i++) gapMax = Math.max(gapMax, offsets[i]! - offsets[i - 1]!);
  return {
    id,
    index: arrival.index,
    phase: arrival.phase,
    model,
    // A request that never got a connection was sent when its turn came.
    sent: answer.sent >= 0 ? answer.sent : arrival.scheduled + arrival.late,
    ttft: answer.ttft,
    e2e: answer.e2e,
    end: answer.end,
    outcome: answer.outcome,
    status: answer.status,
    chunks: answer.contentEvents,
    words: answer.text.split(/\s+/).filter((word) => word !== '').length,
    gap: offsets.length > 1 ? (offsets[offsets.length - 1]! - offsets[0]!) / (offsets.length - 1) : -1,
    gapMax,
    plain: call.kind === 'chat' && call.plain ? true : undefined,
    embedding: call.kind === 'embedding' ? true : undefined,
    detail,
  };
}

/**
 * The call with the id in its prompt, in the form of simulator/README.md's directives; `echo`: the answer is to begin
 * with it.
 */
export function withId(call: Call, id: string, echo = false): Call {
  const words = `[[sim id=${id}${echo && call.kind === 'chat' ? ' echo=1' : ''}`;
  // A prompt has one directive at most: what it says stays.
  const marked = (text: string) => (text.includes('[[sim ') ? text.replace('[[sim', words) : `${text} ${words}]]`);
  // Of a message in parts, the last text has it.
  const markedContent = (content: Content): Content => {
    if (typeof content === 'string') return marked(content);
    const at = content.map(({ type }) => type).lastIndexOf('text');
    return at < 0
      ? [...content, { type: 'text', text: marked('') }]
      : content.map((part, i) => (i === at ? { ...part, text: marked(part.text ?? '') } : part));
  };
  switch (call.kind) {
    case 'chat': {
      const last = call.messages.map((message) => message.role).lastIndexOf('user');
      return {
        ...call,
        messages: call.messages.map((message, i) =>
          i === last ? { ...message, content: markedContent(message.content) } : message,
        ),
      };
    }
    case 'embedding':
      return { ...call, texts: call.texts.map((text, i) => (i === 0 ? marked(text) : text)) };
    case 'models':
    case 'refused':
      return call;
  }
}
