import { isFields, ParameterError, type Fields } from './reading';

/*
 * A file of `targets/`: what is known of one kind of gateway, once for all runs. It stands behind the parameters: each of
 * its fields gives one where -e does not.
 */

/** Where a secret is: never in the file itself. */
export type SecretReference =
  /** An environment variable. */
  | { env: string }
  /** A file that holds it alone. */
  | { file: string }
  /** A name in k6's --secret-source. */
  | { secret: string };

/** Content of a file of `targets/`. */
export interface TargetFile {
  $schema?: string;
  /** What kind of gateway it is. */
  name: string;
  /** What a user has to know or to fill in. */
  about?: string;
  /**
   * As BASE_URL, with the query that belongs to every route. `{NAME}` stands for the environment variable NAME, or the
   * parameter -e NAME.
   */
  base_url: string;
  /** As WIRE. */
  wire?: string;
  /** As AUTH. */
  auth?: string;
  /** The key, for API_KEY. */
  key?: SecretReference;
  /** A file with the key that is read again, as TOKEN_FILE. */
  token_file?: string;
  /** With auth oauth. */
  oauth?: { token_url: string; client_id: string; client_secret: SecretReference; scope?: string[]; audience?: string };
  /** With auth sigv4. The keys are those of the environment (AWS_ACCESS_KEY_ID and so on). */
  aws?: { region: string; service?: string };
  /** As HEADERS. A secret value is a reference. */
  headers?: { [name: string]: string | null | SecretReference };
  /** As BODY. */
  body?: { [name: string]: unknown };
  /** As EMBEDDING_WIRE. */
  embedding_wire?: 'embeddings' | 'rerank';
  /** As EMBEDDING_BODY. */
  embedding_body?: { [name: string]: unknown };
  /** As STREAM_OPTIONS. */
  stream_options?: 'usage' | 'none';
  /** As MAX_TOKENS_FIELD. */
  max_tokens_field?: string;
  /** As SYSTEM. */
  system?: string;
  /** As ROUTES: where each kind of request goes, below base_url; `{model}` is the model's name; null: the gateway has none. */
  routes?: { chat?: string | null; embedding?: string | null; models?: string | null };
  /** Models by role: `chat` is for MODEL, `embedding` for EMBEDDING_MODEL; MODEL=@reasoning takes the one of that name. */
  models?: { chat?: string | string[]; embedding?: string; [role: string]: string | string[] | undefined };
  /**
   * Which tokenizer counts the prompts of a model, by its role or its name, as TOKENIZERS: o200k_base, cl100k_base,
   * p50k_base, r50k_base, or usage, which asks the gateway how it counts.
   */
  tokenizers?: { [roleOrModel: string]: string };
  /** A file in the form of data/prices.json, as PRICES. */
  prices?: string;
  /** As FIRST_TIMEOUT, IDLE_TIMEOUT and TOTAL_TIMEOUT. */
  timeouts?: { first?: string; idle?: string; total?: string };
  limits?: {
    /** Texts that an embedding request may have at most. */
    embedding_batch?: number;
    /** Tokens of prompt and answer together, as CONTEXT_WINDOW. */
    context_window?: number;
  };
  /** Path of the unix socket on which it listens, as UNIX_SOCKET. */
  unix_socket?: string;
  /** The header of an answer that names the instance that made it, as INSTANCE_HEADER. */
  instance_header?: string;
  /**
   * The header by which an answer says that a cache of the gateway's gave it, or its name and a word of its value, as
   * CACHE_HEADER: "cf-aig-cache-status:HIT".
   */
  cache_header?: string;
}

/** How a field is checked. */
type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string' && value.trim() !== '';
const isTexts: Check = (value) => Array.isArray(value) && value.length > 0 && value.every(isText);
const isReference: Check = (value) => {
  if (!isFields(value)) return false;
  const [name, ...more] = Object.keys(value);
  return more.length === 0 && ['env', 'file', 'secret'].includes(name ?? '') && isText(value[name!]);
};

const reference =
  'a reference like {"env": "NAME"}, {"file": "path"} or {"secret": "NAME"} (a secret itself must not stand here)';
const parts: Record<string, [check: Check, wanted: string]> = {
  $schema: [isText, 'a text'],
  name: [isText, 'a text'],
  about: [isText, 'a text'],
  base_url: [isText, 'an address'],
  wire: [isText, 'a text as WIRE takes it'],
  auth: [isText, 'a text as AUTH takes it'],
  key: [isReference, reference],
  token_file: [isText, 'a path'],
  oauth: [isFields, 'an object with token_url, client_id and client_secret'],
  aws: [isFields, 'an object with region'],
  headers: [isFields, 'an object'],
  body: [isFields, 'an object'],
  embedding_wire: [isText, 'embeddings or rerank'],
  embedding_body: [isFields, 'an object'],
  stream_options: [isText, 'usage or none'],
  max_tokens_field: [isText, 'the name of a field'],
  system: [isText, 'a text'],
  routes: [isFields, 'an object with chat, embedding and models'],
  models: [isFields, 'an object of models by role'],
  tokenizers: [isFields, 'an object of tokenizers by role or model'],
  prices: [isText, 'a path'],
  timeouts: [isFields, 'an object with first, idle and total'],
  limits: [isFields, 'an object with embedding_batch and context_window'],
  unix_socket: [isText, 'a path'],
  instance_header: [isText, 'the name of a header'],
  cache_header: [isText, 'the name of a header, or a name and a value like "cf-aig-cache-status:HIT"'],
};

/** Names of headers whose values are secret. */
const secretHeader = /auth|key|token|secret|cookie|password/i;

/** Reads and checks the file that TARGET names. Throws {@link ParameterError} with the field that is wrong. */
export function parseTarget(content: string, path: string): TargetFile {
  const wrong = (what: string) => new ParameterError(`TARGET=${path} is wrong: ${what}`);
  let file: unknown;
  try {
    file = JSON.parse(content);
  } catch (error) {
    throw wrong(`it is not JSON (${String(error)})`);
  }
  if (!isFields(file)) throw wrong('a JSON object is wanted, as in targets/openai.json');
  const among = (fields: Fields, known: Record<string, [Check, string]>, where: string) => {
    for (const [name, value] of Object.entries(fields)) {
      const [check, wanted] = known[name] ?? [];
      if (!check)
        throw wrong(
          `${where}${name} is no field of a target; ${Object.keys(known)
            .slice(where ? 0 : 1)
            .join(', ')} are`,
        );
      if (!check(value)) throw wrong(`${where}${name} must be ${wanted}`);
    }
  };
  among(file, parts, '');
  for (const name of ['name', 'base_url']) if (!(name in file)) throw wrong(`${name} is missing`);
  const orNull: Check = (value) => value === null || isText(value);
  if (isFields(file.routes))
    among(
      file.routes,
      {
        chat: [orNull, 'a route or null'],
        embedding: [orNull, 'a route or null'],
        models: [orNull, 'a route or null'],
      },
      'routes.',
    );
  if (isFields(file.timeouts)) {
    const duration: [Check, string] = [isText, 'a duration like "60s"'];
    among(file.timeouts, { first: duration, idle: duration, total: duration }, 'timeouts.');
  }
  if (isFields(file.limits))
    among(
      file.limits,
      {
        embedding_batch: [(n) => Number.isInteger(n) && (n as number) >= 1, 'a whole number from 1'],
        context_window: [(n) => Number.isInteger(n) && (n as number) >= 1000, 'a whole number from 1000'],
      },
      'limits.',
    );
  if (isFields(file.oauth)) {
    const known: Record<string, [Check, string]> = {
      token_url: [isText, 'an address'],
      client_id: [isText, 'a text'],
      client_secret: [isReference, reference],
      scope: [isTexts, 'a list of texts'],
      audience: [isText, 'a text'],
    };
    among(file.oauth, known, 'oauth.');
    for (const name of ['token_url', 'client_id', 'client_secret'])
      if (!(name in file.oauth)) throw wrong(`oauth.${name} is missing`);
  }
  if (isFields(file.aws)) {
    among(file.aws, { region: [isText, 'a text'], service: [isText, 'a text'] }, 'aws.');
    if (!('region' in file.aws)) throw wrong('aws.region is missing');
  }
  if (isFields(file.models))
    for (const [role, model] of Object.entries(file.models))
      if (!isText(model) && !(role === 'chat' && isTexts(model)))
        throw wrong(`models.${role} must be the name of a model`);
  if (isFields(file.headers))
    for (const [name, value] of Object.entries(file.headers)) {
      if (value !== null && !isText(value) && !isReference(value))
        throw wrong(`headers.${name} must be a text, null or ${reference}`);
      if (isText(value) && secretHeader.test(name)) throw wrong(`headers.${name} must be ${reference}`);
    }
  return file as unknown as TargetFile;
}

/** Names of the environment that a target refers to. */
export function namesOf(file: TargetFile): string[] {
  return [
    ...[...file.base_url.matchAll(/\{([A-Z][A-Z0-9_]*)\}/g)].map(([, name]) => name!),
    ...secretsOf(file).flatMap((each) => ('env' in each ? [each.env] : [])),
  ];
}

/** All references to secrets. */
export function secretsOf({ key, oauth, headers = {} }: TargetFile): SecretReference[] {
  return [key, oauth?.client_secret, ...Object.values(headers)].filter(
    (each): each is SecretReference => typeof each === 'object' && each !== null,
  );
}
