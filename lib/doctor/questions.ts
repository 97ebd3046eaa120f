import { route, stream, type StreamRecord } from 'k6/x/sse';
import type { Fields, Parameters } from '../config';
import { request } from '../openai';
import type { Call } from '../workload';

/** What one question found. `works` null: it cannot be said. */
export interface Finding {
  question: string;
  works: boolean | null;
  says: string;
  /** Parameters that follow, by name. */
  parameters?: Record<string, string>;
}

/** What the questions are asked with, and what the first ones found. */
export interface Patient {
  p: Parameters;
  /** How chats are asked for after the first of them found the way. */
  chat: Parameters;
}

const content = 'Say in one short sentence what a public library is for.';
const hello: Call = { kind: 'chat', size: 'doctor', messages: [{ role: 'user', content }] };
const plainly: Call = { ...hello, plain: true };

/** Asks once; nothing is counted. */
export function ask(call: Call, p: Parameters, headers: Record<string, string> = {}): StreamRecord {
  const { url, params } = request(call, p, 0);
  return stream(url, { ...params, headers: { ...params.headers, ...headers }, probe: true });
}

/** An answer in a few words: its status, and what the gateway says of a failure. */
export function told({ outcome, status, body, error }: StreamRecord): string {
  if (outcome === 'ok') return 'ok';
  let says = error;
  try {
    const parsed = JSON.parse(body) as { error?: { message?: string } | string; detail?: unknown };
    const { error: inner, detail } = parsed;
    says = (typeof inner === 'object' ? inner.message : inner) ?? (detail ? JSON.stringify(detail) : error);
  } catch {
    // No JSON: what the extension says stands.
  }
  const line = says.replace(/\s+/g, ' ').trim().slice(0, 120);
  return status > 0 && !line.includes(String(status)) ? `${status}: ${line}` : line;
}

const withBody = (p: Parameters, more: Fields): Parameters => ({ ...p, body: { ...p.body, ...more } });

/** Does it list its models? Up to five of them are named. */
export function models({ p }: Patient): Finding {
  const answer = ask({ kind: 'models', size: 'doctor' }, p);
  const question = 'a list of its models';
  if (answer.outcome === 'ok') {
    const ids = [...answer.body.matchAll(/"id"\s*:\s*"([^"]+)"/g)].map(([, id]) => id!);
    const some = ids.slice(0, 5).join(', ');
    return { question, works: true, says: `${ids.length} models${some && `: ${some}${ids.length > 5 ? ', …' : ''}`}` };
  }
  return { question, works: false, says: told(answer) };
}

/** The first chat: with stream_options, or without them where they are refused. */
export function chats(patient: Patient): Finding[] {
  const { p } = patient;
  const full = ask(hello, p);
  const usage = (answer: StreamRecord) => answer.promptTokens >= 0;
  const streams = (answer: StreamRecord): Finding => ({
    question: `a chat as a stream (${p.wire})`,
    works: answer.outcome === 'ok',
    says:
      answer.outcome === 'ok'
        ? `first token after ${answer.ttft.toFixed(0)} ms, ${answer.contentEvents} events with content`
        : told(answer),
  });
  const question = 'stream_options, the usage at the end of a stream';
  if (p.wire !== 'chat' && p.wire !== 'completions')
    return [
      streams(full),
      { question: 'the usage of a stream', works: usage(full), says: usage(full) ? 'told' : 'not told' },
    ];
  if (full.outcome === 'ok') {
    const says = usage(full)
      ? 'taken, and the usage is told'
      : 'taken, but no usage is told: there is no count of tokens';
    return [streams(full), { question, works: usage(full), says }];
  }
  const without = { ...p, streamOptions: false };
  const bare = ask(hello, without);
  if (bare.outcome !== 'ok') return [streams(full), { question, works: null, says: 'no stream to ask it of' }];
  patient.chat = without;
  const unasked = usage(bare) ? 'the usage is told without being asked for' : 'no usage is told';
  const says = `refused (${told(full)}); ${unasked}`;
  return [streams(bare), { question, works: false, says, parameters: { STREAM_OPTIONS: 'none' } }];
}

/** Does it answer a chat in one document, without streaming? */
export function plain({ chat }: Patient): Finding {
  const answer = ask(plainly, chat);
  return { question: 'a chat as one document', works: answer.outcome === 'ok', says: told(answer) };
}

const few = 5;

/** Which name bounds the answer's length, and whether it does. */
export function maxTokens({ chat }: Patient): Finding {
  const question = 'a bound for the length of an answer';
  const names = chat.wire === 'chat' ? ['max_tokens', 'max_completion_tokens'] : [undefined];
  const refused: string[] = [];
  for (const name of names) {
    const answer = ask(plainly, { ...chat, maxTokens: few, maxTokensField: name });
    const shown = name ?? 'by the name that the wire has for it';
    // A reasoning model may spend so few tokens before it says anything.
    if (answer.status === 200) {
      const kept =
        answer.completionTokens < 0
          ? 'not known whether it keeps to it'
          : `${answer.completionTokens} tokens of ${few}`;
      const other = name === 'max_completion_tokens';
      return {
        question,
        works: answer.completionTokens <= few,
        says: `${shown}: ${kept}${other ? `; max_tokens is refused (${refused[0]})` : ''}`,
        parameters: other ? { MAX_TOKENS_FIELD: name } : undefined,
      };
    }
    refused.push(told(answer));
  }
  return { question, works: false, says: refused.join('; ') };
}

/** By which way it is asked: a proxy of the environment is easily forgotten. */
export function way({ p }: Patient): Finding {
  const { proxy, login, from, error } = route(p.baseUrl);
  const through = `through the proxy ${proxy}${login ? ', with a login' : ''}, as ${from === 'PROXY' ? 'PROXY' : 'the environment'} says`;
  const says =
    error || (p.unixSocket !== undefined ? `over the unix socket ${p.unixSocket}` : proxy ? through : 'directly');
  return { question: 'how it is reached', works: error === '', says };
}

const text = 'Office hours of the permit desk';
/** Sizes of batches that gateways are known to have as their limit, from the largest that the plan has. */
const batches = [96, 32, 8];

/** Does it embed, and how many texts may one request have? */
export function embeddings({ p }: Patient): Finding[] {
  const of = (count: number) =>
    ask({ kind: 'embedding', size: 'doctor', texts: Array.from({ length: count }, (_, i) => `${text} ${i}`) }, p);
  const one = of(1);
  const question = 'embeddings';
  if (one.outcome !== 'ok') return [{ question, works: false, says: told(one), parameters: { KINDS: 'chat' } }];
  const first: Finding = { question, works: true, says: `${one.e2e.toFixed(0)} ms for one text` };
  let refused = '';
  for (const size of batches) {
    const answer = of(size);
    const asked = `a batch of ${batches[0]} texts`;
    if (answer.outcome === 'ok' && size === batches[0]) return [first, { question: asked, works: true, says: 'ok' }];
    if (answer.outcome === 'ok') {
      const says = `refused (${refused}); ${size} are taken`;
      return [first, { question: asked, works: false, says, parameters: { BATCH: `1-${size}` } }];
    }
    refused ||= told(answer);
  }
  return [first, { question: 'a batch of 8 texts', works: false, says: refused, parameters: { BATCH: '1' } }];
}

/** A tool as each wire words it. */
function tool({ wire }: Parameters): Fields {
  const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
  const named = { name: 'weather', description: 'The weather of a city' };
  if (wire === 'messages') return { ...named, input_schema: parameters };
  const described = { ...named, parameters };
  return wire === 'responses' ? { type: 'function', ...described } : { type: 'function', function: described };
}

/** Does it take a request that offers tools? */
export function tools({ chat }: Patient): Finding {
  const answer = ask(plainly, withBody(chat, { tools: [tool(chat)] }));
  return { question: 'tools', works: answer.outcome === 'ok', says: answer.outcome === 'ok' ? 'taken' : told(answer) };
}

/** A model that there is not must be an error, and not an answer. */
export function errors({ chat }: Patient): Finding {
  const answer = ask(plainly, { ...chat, models: ['no-such-model-of-the-doctor'] });
  const works = answer.status >= 400 && answer.status < 500;
  const says =
    answer.outcome === 'ok'
      ? 'a chat with a model that does not exist is answered'
      : `an unknown model: ${told(answer)}`;
  return { question: 'errors with a status from 400', works, says };
}

/** Does it answer in gzip when it is asked to? */
export function encoding({ chat }: Patient): Finding {
  const answer = ask(plainly, chat, { 'Accept-Encoding': 'gzip' });
  const coding = answer.headers['content-encoding'] ?? 'none';
  const says = answer.outcome === 'ok' ? (coding === 'none' ? 'not used' : coding) : told(answer);
  return { question: 'gzip for clients that ask for it', works: answer.outcome === 'ok' && coding !== 'none', says };
}

/** Headers by which gateways tell of their own caches, and what they say of a hit; "": only hits have the header. */
const cacheHeaders: Readonly<Record<string, string>> = {
  'x-litellm-cache-key': '',
  'cf-aig-cache-status': 'HIT',
  'helicone-cache': 'HIT',
  'x-portkey-cache-status': 'HIT',
  'x-cache-status': 'HIT',
  'x-cache': 'HIT',
  'cache-status': 'hit',
};

/** Whether the second of two alike came from a cache of the gateway's. */
function ownCache({ headers }: StreamRecord, { cacheHeader }: Parameters): Finding {
  const question = 'answers from a cache of its own';
  const name = cacheHeader?.name ?? Object.keys(cacheHeaders).find((each) => headers[each] !== undefined);
  const says = name === undefined ? undefined : headers[name];
  if (name === undefined || says === undefined)
    return { question, works: null, says: 'no header that is known tells of one' };
  const value = cacheHeader ? (cacheHeader.value ?? '') : cacheHeaders[name]!;
  const hit = value === '' || says.toLowerCase().includes(value.toLowerCase());
  return {
    question,
    works: hit,
    says: `the second of two alike has ${name}: ${says.slice(0, 60)}`,
    parameters: { CACHE_HEADER: value === '' ? name : `${name}:${value}` },
  };
}

/** Two of the same, one after the other: is the connection kept, and is the answer? */
export function connections({ chat }: Patient): Finding[] {
  ask(plainly, chat);
  const answer = ask(plainly, chat);
  return [
    ownCache(answer, chat),
    {
      question: 'connections are kept',
      works: answer.reused,
      says: answer.reused ? 'yes' : 'a new one for each request',
    },
    { question: 'the protocol', works: null, says: answer.protocol || 'none' },
  ];
}
