import type { RequestKind } from '../config';
import type { Random } from '../statistics';

export type Kind = RequestKind | 'refused';

/** One part of a message, in the words of OpenAI's chat wire; other wires have it in theirs (lib/openai/wires/parts.ts). */
export type Part = { readonly type: string; readonly text?: string } & Readonly<Record<string, unknown>>;
export type Content = string | readonly Part[];

/** A tool that the model wants to be used; `arguments` is JSON. */
export interface ToolCall {
  id: string;
  name: string;
  arguments: string;
}

export interface Message {
  /** `developer` is OpenAI's newer name of `system`; prompts of a user's own may have it. */
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  content: Content;
  /** Of an assistant: the tool that it called. */
  toolCall?: ToolCall;
  /** Of a tool's result: the call that it belongs to. */
  toolCallId?: string;
}

/** A content with a text before it or behind it. */
export function joined(content: Content, text: string, where: 'before' | 'behind'): Content {
  if (typeof content === 'string') return where === 'before' ? text + content : content + text;
  const part = { type: 'text', text };
  return where === 'before' ? [part, ...content] : [...content, part];
}

/** The text of a content, without what is no text. */
export function textIn(content: Content): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join('');
}

export interface ChatCall {
  kind: 'chat';
  size: string;
  messages: readonly Message[];
  /**
   * The number of its messages, where Go keeps them (data.ts): reading them and writing them again was half of what a
   * request of a script costs. It holds for `call` alone: a copy with other messages is another call.
   */
  stored?: { readonly number: number; readonly call: ChatCall };
  /** o200k_base tokens of the contents, where they are known. */
  tokens?: number;
  /** Asked for whole, not as a stream. */
  plain?: boolean;
  /** Of this request; else the parameter MAX_TOKENS. */
  maxTokens?: number;
  /** The client hangs up after so many content-bearing events. */
  cancelAfter?: number;
  /** The client hangs up after so many ms. */
  cancelAfterMs?: number;
  /** Asked of this model; else MODEL, or MODELS in turn. */
  model?: string;
  /** Its place in a conversation. */
  session?: { id: string; turn: number; cold: boolean };
  /** A tool that the model may use. */
  tool?: { name: string; description: string; parameters: object };
  /** The system message and the last one say that all up to them is to be cached. */
  marks?: boolean;
  /** Its trace (W3C Trace Context), where TRACES says nothing. */
  traceparent?: string;
  /** Over a connection of its own. */
  fresh?: true;
}

/** A request that is to be refused: it costs the target what comes before the refusal, and nothing else. */
export interface RefusedCall {
  kind: 'refused';
  /** What is wrong with it: "wrong key". */
  size: string;
  /** Statuses that refuse it in order: such an answer is ok. Any other is a failure. */
  wanted: readonly number[];
  method?: 'GET' | 'POST';
  /** Below BASE_URL; `chat/completions` when left out. */
  route?: string;
  /** Sent in place of the run's key; "": none is sent. */
  key?: string;
  /** As it is sent. */
  body?: string;
}

export interface EmbeddingCall {
  kind: 'embedding';
  size: string;
  texts: readonly string[];
  /** The number of its first text, and how many follow each other, where Go keeps them (data.ts); for `call` alone. */
  stored?: { readonly number: number; readonly count: number; readonly call: EmbeddingCall };
  /** The answer's vectors are looked at; the one at this place, from 0, is told apart from others. */
  vectors?: number;
  /** Its trace (W3C Trace Context), where TRACES says nothing. */
  traceparent?: string;
}

export interface ModelsCall {
  kind: 'models';
  size: string;
  /** Over a connection of its own. */
  fresh?: true;
  /** Sent to this address instead of BASE_URL. */
  base?: string;
}

/**
 * One request of a workload, before it is addressed to a model and a gateway. `size` is the sub-share it stands for.
 */
export type Call = ChatCall | EmbeddingCall | ModelsCall | RefusedCall;

/** What is sent: `next` draws a call; `kinds` tells the preflight what to try. */
export interface Workload {
  kinds: readonly Kind[];
  /** Its prompts are what it is about: PROMPT_TOKENS cannot change them. */
  fixed?: boolean;
  /** Share of its chats that are asked for whole, where PLAIN_SHARE does not say; a call may say for itself. */
  plain?: number;
  /**
   * `phase`: that of the arrival, for a workload that has several; `place`: its place in the phase, from 0, with a
   * feature that tells it.
   */
  next(random: Random, phase: string, place?: number): Call;
  /** A call as those of the load are, for what is told of it before: where a feature makes them, not `next`. */
  example?(random: Random, phase: string): Call;
  /**
   * The same without all other kinds, the rest with their shares among each other, and how much of it is left, a share.
   * Left out: nothing of it can be left out.
   */
  only?(kinds: readonly Kind[]): { workload: Workload; left: number };
}

export interface Share {
  /** Any positive number; shares are taken relative to their sum. */
  share: number;
  kind: Kind;
  call(random: Random): Call;
}

/** A workload of weighted shares; `plain`: of its chats, so many are asked for whole. */
export function mix(shares: readonly Share[], plain = 0): Workload {
  const total = sumOf(shares);
  return {
    kinds: [...new Set(shares.map((each) => each.kind))],
    plain,
    next(random) {
      // Counted through: in Sobek a function for each share costs more than the draw.
      let left = random.next() * total;
      let i = 0;
      while (i < shares.length - 1 && (left -= shares[i]!.share) >= 0) i++;
      return shares[i]!.call(random);
    },
    only(kinds) {
      const rest = shares.filter((each) => kinds.includes(each.kind));
      return { workload: mix(rest, plain), left: sumOf(rest) / total };
    },
  };
}

const sumOf = (shares: readonly Share[]) => shares.reduce((sum, each) => sum + each.share, 0);

/** A workload that is another one in each phase: `of` gives it by the phase's name. */
export function byPhase(kinds: readonly Kind[], of: (phase: string) => Workload): Workload {
  return { kinds, fixed: true, next: (random, phase) => of(phase).next(random, phase) };
}
