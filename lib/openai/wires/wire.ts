import type { Paths } from 'k6/x/sse';
import type { Fields } from '../../config';
import type { ChatCall, Message, ToolCall } from '../../workload';

/** What a chat asks for, whatever wire it goes over. */
export interface Asked {
  model: string;
  messages: readonly Message[];
  stream: boolean;
  maxTokens?: number;
  /** A stream asks for its usage, where the wire leaves a choice. */
  usage: boolean;
  /** The name under which the length is bounded, where the user gave one. */
  maxTokensField?: string;
  tool?: ChatCall['tool'];
  /** The messages say what is to be cached, where the wire has words for it. */
  marks?: boolean;
}

/**
 * How a gateway is asked for a chat, and where the parts of its answer are. A wire is this table; what the parts mean
 * (outcomes, times, tokens) is the same for all of them and stands in the extension.
 */
export interface Wire {
  /** In a stream's events, and in an answer that is one document. */
  stream: Paths;
  document: Paths;
  /** Headers that it wants beside the usual ones. */
  headers?: Readonly<Record<string, string>>;
  body(asked: Asked): Fields;
  /** The tool that a stream calls, of a record's `toolCalls`. Left out: the wire has no tools. */
  toolCall?(events: readonly string[]): ToolCall | undefined;
}

/** A path that holds in events of one type only: `{"type": "...", ...}`. */
export const ofType = (type: string, path: string) => `[@this].#(type=="${type}").${path}`;
