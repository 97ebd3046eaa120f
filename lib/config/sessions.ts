import type { ParameterRow } from './row';
import { durationOf, number, text, word, wrong, type Env } from './reading';

/*
 * How users hold conversations in the script `sessions`, and what caches of prompts are shown.
 */

export interface SessionParameters {
  session: {
    /** Turns that a session has: drawn between the two. */
    turns: { from: number; to: number };
    /** The mean time between an answer and the next question, seconds. */
    think: number;
    /** Share of the turns that ask for a tool, and how long the tool takes, seconds. */
    toolShare: number;
    toolDelay: number;
    /** Share of the sessions that begin with a picture. */
    imageShare: number;
    /** Share of the sessions whose beginning changes with each turn: no cache knows it. */
    coldShare: number;
    /** The header that tells the gateway which session a request belongs to; undefined: none is sent. */
    header?: string;
  };
  /** Tokens of a beginning that prompts share. */
  prefixTokens: number;
  /** The chats say what is to be cached (`cache_control`), as Anthropic's models want it. */
  cacheMarks: boolean;
}

export const sessionRows: ParameterRow[] = [
  {
    name: 'TURNS',
    default: '4-8',
    allowed: 'number or range, like 6 or 3-12',
    meaning: 'sessions: how many turns a conversation has; a tool and its result are a turn of their own',
  },
  {
    name: 'THINK',
    default: '3s',
    allowed: 'duration like 500ms or 10s',
    meaning: 'sessions: the mean time between an answer and the next question; the times are drawn (exponential)',
  },
  {
    name: 'TOOL_SHARE',
    default: '0.25',
    allowed: 'number from 0 to 1',
    meaning:
      'sessions: share of the questions that ask the model to use a tool; its call is answered by a prepared result. 0 offers no tools',
  },
  {
    name: 'TOOL_DELAY',
    default: '500ms',
    allowed: 'duration like 500ms',
    meaning: 'sessions: how long a tool takes until its result is sent',
  },
  {
    name: 'IMAGE_SHARE',
    default: '0',
    allowed: 'number from 0 to 1',
    meaning: 'sessions: share of the conversations that begin with a picture, for models that see',
  },
  {
    name: 'COLD_SHARE',
    default: '0.2',
    allowed: 'number from 0 to 1',
    meaning:
      "sessions: share of the conversations whose beginning changes with each turn, so that no cache knows it: what the others' first tokens are compared with",
  },
  {
    name: 'PREFIX_TOKENS',
    default: '2000',
    allowed: 'whole number from 1 to 1000000',
    meaning: 'how long the beginning is that prompts share, in tokens: the system message of sessions',
  },
  {
    name: 'CACHE_MARKS',
    default: 'true with WIRE=messages, else false',
    allowed: 'true, false',
    meaning:
      'sessions: the system message and the last message carry cache_control, by which models of Anthropic are told what to cache; gateways on the chat wire pass it on',
  },
  {
    name: 'SESSION_HEADER',
    default: 'x-session-id',
    allowed: 'name of a header, or none',
    meaning:
      'sessions: the header in which each request names its conversation, by which a gateway can keep it in one place',
  },
];

const mostTurns = 200;

/** Reads and checks them. Throws {@link ParameterError}. */
export function sessionParameters(env: Env): SessionParameters {
  const share = (name: string) => number(env, name, 'a number from 0 to 1 is wanted', (n) => n >= 0 && n <= 1);
  const marks = word(env, 'CACHE_MARKS', ['true', 'false']);
  return {
    session: {
      turns: turns(env),
      think: durationOf(env, 'THINK') ?? 3,
      toolShare: share('TOOL_SHARE') ?? 0.25,
      toolDelay: durationOf(env, 'TOOL_DELAY') ?? 0.5,
      imageShare: share('IMAGE_SHARE') ?? 0,
      coldShare: share('COLD_SHARE') ?? 0.2,
      header: env.SESSION_HEADER?.trim() === 'none' ? undefined : (headerName(env, 'SESSION_HEADER') ?? 'x-session-id'),
    },
    prefixTokens:
      number(
        env,
        'PREFIX_TOKENS',
        'a whole number from 1 to 1000000 is wanted',
        (n) => Number.isInteger(n) && n >= 1 && n <= 1_000_000,
      ) ?? 2000,
    cacheMarks: marks === undefined ? env.WIRE?.trim() === 'messages' : marks === 'true',
  };
}

function turns(env: Env): { from: number; to: number } {
  const given = text(env, 'TURNS') ?? '4-8';
  const [, low, high = low] = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(given) ?? [];
  const range = { from: Number(low), to: Number(high) };
  if (!(range.from >= 1 && range.from <= range.to && range.to <= mostTurns))
    throw wrong('TURNS', given, `a whole number or a range from 1 to ${mostTurns}, like 6 or 3-12, is wanted`);
  return range;
}

/** A header's name by RFC 9110. */
function headerName(env: Env, name: string): string | undefined {
  const given = text(env, name);
  if (given !== undefined && !/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(given))
    throw wrong(name, given, 'the name of a header, such as x-session-id, is wanted');
  return given;
}
