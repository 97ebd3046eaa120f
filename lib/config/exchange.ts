import {
  durationOf,
  fields,
  list,
  number,
  ParameterError,
  repeated,
  text,
  textOrFile,
  word,
  wrong,
  type Env,
  type Fields,
} from './reading';

/*
 * How requests are worded for the gateway at hand, and how long they may take: what differs between gateways of one
 * wire.
 */

/** The kinds of request that a load may have. */
export const requestKinds = ['chat', 'embedding', 'models'] as const;
export type RequestKind = (typeof requestKinds)[number];

/** Wires that chats can go over. */
const wireNames = ['chat', 'responses', 'messages', 'completions'] as const;
export type WireName = (typeof wireNames)[number];

/** Where each has its chats, below the base URL. */
export const wireRoutes: Readonly<Record<WireName, string>> = {
  chat: 'chat/completions',
  responses: 'responses',
  messages: 'messages',
  completions: 'completions',
};

/** What is said of requests beside what is asked. */
export interface ExchangeParameters {
  /** Added to every request; null takes a header of ours away. Names as given. */
  headers: Record<string, string | null>;
  /** Merged into the body of every chat request (RFC 7396). */
  body: Fields;
  /** The same of embedding requests. */
  embeddingBody: Fields;
  /** Streams ask for the usage with `stream_options`. */
  streamOptions: boolean;
  /** What bounds the answer's length is called; undefined: as the wire has it. */
  maxTokensField?: string;
  /** How chats are worded. */
  wire: WireName;
  /** What embedding requests are sent as. */
  embeddingWire: 'embeddings' | 'rerank';
  /** Where each kind of request goes below the base URL, where it is not the usual place; `{model}` is the model. */
  routes: Partial<Record<RequestKind, string>>;
  /** A system message before every chat. */
  system?: string;
  /** Time-outs of every request, ms. */
  timeouts: { first: number; idle: number; total: number };
  /** The parameters of those that were given. */
  timeoutsGiven: string[];
  /** How long requests may go on after the load, seconds. */
  drain: number;
  /** Only these kinds of request are sent; undefined: all that the script has. */
  kinds?: RequestKind[];
  /** A file of prompts, in place of the project's. */
  prompts?: string;
  /** A file of texts to embed, in place of the project's. */
  texts?: string;
  /** What the files of prompts and of texts call what they hold, by our names. */
  columns?: Record<string, string>;
  /** Share of the chats that begin with a text that they have in common. */
  prefixShare?: number;
  /** Each chat has a text of its own, there. */
  unique?: 'prefix' | 'suffix';
  /** How many texts a batch of embeddings has; undefined: as the workload has them. */
  batch?: { from: number; to: number };
}

/** Fields of a body that only embedding requests have. */
const embeddingsOwn = ['dimensions', 'encoding_format', 'input_type'];
/** Seconds, where no parameter says. */
const usual = { first: 30, idle: 30, total: 120 } as const;
/** After the total time-out, so that an answer that ends just then is counted, seconds. */
const afterTotal = 5;
const mostTexts = 10_000;

/** Reads and checks them. Throws {@link ParameterError}. */
export function exchangeParameters(env: Env, readFile: (path: string) => string): ExchangeParameters {
  const body = fields(env, 'BODY', readFile) ?? {};
  const own = Object.keys(body).filter((name) => embeddingsOwn.includes(name));
  return {
    headers: headers(env, readFile),
    body: Object.fromEntries(Object.entries(body).filter(([name]) => !own.includes(name))),
    embeddingBody: {
      ...Object.fromEntries(own.map((name) => [name, body[name]])),
      ...fields(env, 'EMBEDDING_BODY', readFile),
    },
    streamOptions: word(env, 'STREAM_OPTIONS', ['usage', 'none']) !== 'none',
    maxTokensField: maxTokensField(env),
    wire: word(env, 'WIRE', wireNames) ?? 'chat',
    embeddingWire: word(env, 'EMBEDDING_WIRE', ['embeddings', 'rerank']) ?? 'embeddings',
    routes: routes(env, readFile),
    system: textOrFile(env, 'SYSTEM', readFile),
    ...patience(env),
    kinds: kinds(env),
    batch: batch(env),
    prompts: prompts(env),
    texts: text(env, 'TEXTS')?.replace(/^@/, ''),
    columns: columns(env, readFile),
    prefixShare: prefixShare(env),
    unique: word(env, 'UNIQUE', ['prefix', 'suffix']),
  };
}

/** Header names of RFC 9110, and values that end no line. */
function headers(env: Env, readFile: (path: string) => string): Record<string, string | null> {
  const given = fields(env, 'HEADERS', readFile) ?? {};
  for (const [name, value] of Object.entries(given)) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name))
      throw new ParameterError(`HEADERS is wrong: "${name}" is no name of a header`);
    if (/^(host|content-length|transfer-encoding|connection)$/i.test(name))
      throw new ParameterError(`HEADERS is wrong: ${name} follows from the address and the body; leave it out`);
    if (value !== null && (typeof value !== 'string' || !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)))
      throw new ParameterError(
        `HEADERS is wrong: the value of ${name} must be a text of one line without characters outside Latin-1, or null`,
      );
  }
  return given as Record<string, string | null>;
}

function maxTokensField(env: Env): string | undefined {
  const name = text(env, 'MAX_TOKENS_FIELD');
  if (name !== undefined && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
    throw wrong('MAX_TOKENS_FIELD', name, 'the name of a field like max_completion_tokens is wanted');
  return name;
}

function patience(env: Env): Pick<ExchangeParameters, 'timeouts' | 'timeoutsGiven' | 'drain'> {
  const first = durationOf(env, 'FIRST_TIMEOUT') ?? usual.first;
  const idle = durationOf(env, 'IDLE_TIMEOUT') ?? usual.idle;
  const longest = Math.max(first, idle);
  const total = durationOf(env, 'TOTAL_TIMEOUT') ?? Math.max(usual.total, longest > usual.first ? 2 * longest : 0);
  for (const [name, value] of [
    ['FIRST_TIMEOUT', first],
    ['IDLE_TIMEOUT', idle],
  ] as const)
    if (env[name] !== undefined && value > total)
      throw wrong(name, env[name], `it is longer than TOTAL_TIMEOUT=${env.TOTAL_TIMEOUT}, so it could never strike`);
  return {
    timeouts: { first: first * 1000, idle: idle * 1000, total: total * 1000 },
    timeoutsGiven: ['FIRST_TIMEOUT', 'IDLE_TIMEOUT', 'TOTAL_TIMEOUT'].filter((name) => env[name] !== undefined),
    drain: durationOf(env, 'DRAIN') ?? total + afterTotal,
  };
}

function routes(env: Env, readFile: (path: string) => string): Partial<Record<RequestKind, string>> {
  const given = fields(env, 'ROUTES', readFile) ?? {};
  for (const [kind, route] of Object.entries(given)) {
    if (!requestKinds.includes(kind as RequestKind))
      throw new ParameterError(`ROUTES is wrong: ${kind} is no kind of request; ${requestKinds.join(', ')} are`);
    if (typeof route !== 'string' || !/^\/?[^\s?#]+$/.test(route))
      throw new ParameterError(
        `ROUTES is wrong: ${kind} must be a path below BASE_URL without query, like chat/completions`,
      );
  }
  return Object.fromEntries(Object.entries(given).map(([kind, route]) => [kind, (route as string).replace(/^\//, '')]));
}

function kinds(env: Env): RequestKind[] | undefined {
  const items = list(env, 'KINDS');
  if (items === undefined) return undefined;
  // Names of routes are understood too.
  const known: Record<string, RequestKind> = { chats: 'chat', embeddings: 'embedding', model: 'models' };
  const found = items.map((item) => known[item] ?? item) as RequestKind[];
  if (found.some((kind) => !requestKinds.includes(kind)))
    throw wrong('KINDS', env.KINDS!, `a list of ${requestKinds.join(', ')} is wanted`);
  const twice = repeated(found);
  if (twice !== undefined) throw wrong('KINDS', env.KINDS!, `it names ${twice} twice`);
  return found;
}

function prompts(env: Env): string | undefined {
  const path = text(env, 'PROMPTS');
  if (path !== undefined && env.PROMPT_TOKENS !== undefined)
    throw new ParameterError('PROMPTS and PROMPT_TOKENS are both given: give one');
  return path?.replace(/^@/, '');
}

function columns(env: Env, readFile: (path: string) => string): Record<string, string> | undefined {
  const given = fields(env, 'COLUMNS', readFile);
  if (given === undefined) return undefined;
  if (env.PROMPTS === undefined && env.TEXTS === undefined)
    throw new ParameterError(
      'COLUMNS is given without PROMPTS and TEXTS: there is no file to read. Give one, or leave it out',
    );
  for (const [name, value] of Object.entries(given))
    if (typeof value !== 'string' || value.trim() === '')
      throw new ParameterError(`COLUMNS is wrong: ${name} must be the name of a column or member in quotes`);
  return given as Record<string, string>;
}

function prefixShare(env: Env): number | undefined {
  const share = number(env, 'PREFIX_SHARE', 'a number from 0 to 1 is wanted', (n) => n >= 0 && n <= 1);
  if (share && env.UNIQUE?.trim() === 'prefix')
    throw new ParameterError(
      'PREFIX_SHARE and UNIQUE=prefix are both given: no prompt could have a beginning in common with another. Give one, or UNIQUE=suffix',
    );
  return share;
}

function batch(env: Env): { from: number; to: number } | undefined {
  const given = text(env, 'BATCH');
  if (given === undefined) return undefined;
  const [, low, high = low] = /^(\d+)(?:\s*-\s*(\d+))?$/.exec(given) ?? [];
  const range = { from: Number(low), to: Number(high) };
  if (!(range.from >= 1 && range.from <= range.to && range.to <= mostTexts))
    throw wrong('BATCH', given, `a whole number or a range from 1 to ${mostTexts}, like 32 or 1-32, is wanted`);
  return range;
}
