import { fields, isFields, ParameterError, type Env, type Fields } from './reading';
import type { SecretReference, TargetFile } from './target-file';

/*
 * The parameters that a target file gives.
 */

/** Smallest batch of the plan's mix: it is kept where a target's limit lets it. */
const plansLeastBatch = 10;
const plansLargestBatch = 96;

interface Sources {
  env: Env;
  readFile: (path: string) => string;
  /** A secret of k6's --secret-source. */
  secret: (name: string) => string | undefined;
  /** Told each value that the file refers to: it is a secret, whatever it is for. */
  found?: (value: string) => void;
}

/** Parameters of which each part wins for itself: what the file says beside that stays. */
const inParts = ['HEADERS', 'BODY', 'EMBEDDING_BODY', 'ROUTES', 'TOKENIZERS'] as const;

/** The parts of one, and those of the other that the first has not. A null stays: it takes something of ours away. */
function laidOver(under: Fields, over: Fields): Fields {
  const result = { ...under, ...over };
  for (const [name, value] of Object.entries(over)) {
    const below = under[name];
    if (isFields(value) && isFields(below)) result[name] = laidOver(below, value);
  }
  return result;
}

/** The environment with what the target says where it says nothing itself. Throws {@link ParameterError}. */
export function withTarget(file: TargetFile, path: string, sources: Sources): Env {
  const { env } = sources;
  const given = fromTarget(file, path, sources);
  const result: Record<string, string | undefined> = { ...given, ...env };
  for (const name of inParts) {
    const own = fields(env, name, sources.readFile);
    const known = given[name];
    if (own && known !== undefined) result[name] = JSON.stringify(laidOver(JSON.parse(known) as Fields, own));
  }
  // What excludes each other: the parameter that -e gives wins over the file's.
  if (env.MODEL !== undefined) delete result.MODELS;
  if (env.MODELS !== undefined) delete result.MODEL;
  if (['API_KEY', 'API_KEYS_FILE', 'TOKEN_FILE', 'TOKEN_COMMAND'].some((name) => env[name] !== undefined))
    for (const name of ['API_KEY', 'TOKEN_FILE']) if (env[name] === undefined) delete result[name];
  if (env.AUTH !== undefined && env.AUTH !== given.AUTH)
    for (const name of Object.keys(given))
      if (/^(OAUTH|AWS)_/.test(name) && env[name] === undefined) delete result[name];
  for (const name of ['MODEL', 'MODELS', 'EMBEDDING_MODEL'])
    if (result[name]?.includes('@')) result[name] = byRole(result[name], file, name, path);
  return result;
}

/** `@role` in a list of models is the target's model of that role. */
function byRole(models: string, { models: roles = {} }: TargetFile, name: string, path: string): string {
  const found = models.split(',').map((item) => {
    const role = /^\s*@(\w+)\s*$/.exec(item)?.[1];
    if (role === undefined) return item;
    const model = roles[role];
    if (model === undefined)
      throw new ParameterError(
        `${name}=${models} is wrong: ${path} has no model ${role}; it has ${Object.keys(roles).join(', ') || 'none'}`,
      );
    return Array.isArray(model) ? model[0]! : model;
  });
  return found.join(',');
}

function fromTarget(file: TargetFile, path: string, sources: Sources): Record<string, string> {
  const { env } = sources;
  const given: Record<string, string | undefined> = {};
  const wants = (name: string) => env[name] === undefined;
  const json = (value: object | undefined) => value && JSON.stringify(value);
  if (wants('BASE_URL')) given.BASE_URL = filledIn(file, path, sources);
  given.WIRE = file.wire;
  given.AUTH = file.auth;
  const ownKey = ['API_KEY', 'API_KEYS_FILE', 'TOKEN_FILE', 'TOKEN_COMMAND'].every(wants);
  if (file.key && ownKey) given.API_KEY = resolved(file.key, 'key', path, sources);
  if (ownKey) given.TOKEN_FILE = file.token_file;
  if (file.oauth && (wants('AUTH') || env.AUTH === 'oauth')) {
    given.OAUTH_TOKEN_URL = file.oauth.token_url;
    given.OAUTH_CLIENT_ID = file.oauth.client_id;
    if (wants('OAUTH_CLIENT_SECRET'))
      given.OAUTH_CLIENT_SECRET = resolved(file.oauth.client_secret, 'oauth.client_secret', path, sources);
    given.OAUTH_SCOPE = file.oauth.scope?.join(',');
    given.OAUTH_AUDIENCE = file.oauth.audience;
  }
  given.AWS_REGION = file.aws?.region;
  given.AWS_SERVICE = file.aws?.service;
  given.HEADERS = json(file.headers && headersOf(file.headers, path, sources));
  given.BODY = json(file.body);
  given.EMBEDDING_WIRE = file.embedding_wire;
  given.EMBEDDING_BODY = json(file.embedding_body);
  given.STREAM_OPTIONS = file.stream_options;
  given.MAX_TOKENS_FIELD = file.max_tokens_field;
  given.SYSTEM = file.system;
  const { chat, embedding, models } = file.routes ?? {};
  const routes = Object.entries({ chat, embedding, models }).filter(([, route]) => typeof route === 'string');
  if (routes.length > 0) given.ROUTES = JSON.stringify(Object.fromEntries(routes));
  const kinds = Object.entries({ chat, embedding, models }).filter(([, route]) => route !== null);
  if (kinds.length < 3) given.KINDS = kinds.map(([kind]) => kind).join(',');
  const { chat: chatModels, embedding: embeddingModel } = file.models ?? {};
  if (Array.isArray(chatModels)) given.MODELS = chatModels.join(',');
  else given.MODEL = chatModels;
  given.EMBEDDING_MODEL = embeddingModel;
  given.TOKENIZERS = json(file.tokenizers && tokenizersOf(file, file.tokenizers, path));
  given.PRICES = file.prices;
  given.FIRST_TIMEOUT = file.timeouts?.first;
  given.IDLE_TIMEOUT = file.timeouts?.idle;
  given.TOTAL_TIMEOUT = file.timeouts?.total;
  given.CONTEXT_WINDOW = file.limits?.context_window?.toString();
  given.UNIX_SOCKET = file.unix_socket;
  given.INSTANCE_HEADER = file.instance_header;
  given.CACHE_HEADER = file.cache_header;
  const most = file.limits?.embedding_batch;
  if (most !== undefined && most < plansLargestBatch) given.BATCH = `${Math.min(plansLeastBatch, most)}-${most}`;
  return Object.fromEntries(Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function headersOf(headers: NonNullable<TargetFile['headers']>, path: string, sources: Sources) {
  const own = Object.keys(fields(sources.env, 'HEADERS', sources.readFile) ?? {}).map((name) => name.toLowerCase());
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => {
      if (own.includes(name.toLowerCase())) return [];
      return [
        [name, value === null || typeof value === 'string' ? value : resolved(value, `headers.${name}`, path, sources)],
      ];
    }),
  );
}

/** Tokenizers by the names of models: a role stands for its model, and chat for all that have none of their own. */
function tokenizersOf({ models = {} }: TargetFile, tokenizers: NonNullable<TargetFile['tokenizers']>, path: string) {
  if ('embedding' in tokenizers)
    throw new ParameterError(
      `TARGET=${path} is wrong: tokenizers.embedding is not used, since texts to embed are not cut to a number of tokens. Leave it out`,
    );
  return Object.fromEntries(
    Object.entries(tokenizers).map(([name, tokenizer]) => {
      const model = name === 'chat' ? undefined : models[name];
      return [typeof model === 'string' ? model : name, tokenizer];
    }),
  );
}

/** An address with `{NAME}` filled in. */
function filledIn({ base_url: address, aws }: TargetFile, path: string, { env }: Sources): string {
  return address.replace(/\{([A-Z][A-Z0-9_]*)\}/g, (_, name: string) => {
    const value = env[name] ?? (name === 'AWS_REGION' ? aws?.region : undefined);
    if (value === undefined || value === '')
      throw new ParameterError(
        `TARGET=${path} needs ${name} for its address ${address}: give -e ${name}=…, or set it in the environment, or give the whole address in BASE_URL`,
      );
    return value;
  });
}

function resolved(reference: SecretReference, field: string, path: string, sources: Sources): string {
  const value = looked(reference, field, path, sources);
  sources.found?.(value);
  return value;
}

function looked(reference: SecretReference, field: string, path: string, { env, readFile, secret }: Sources): string {
  const missing = (what: string) => new ParameterError(`TARGET=${path}: ${field} is missing: ${what}`);
  if ('env' in reference) {
    const value = env[reference.env];
    if (value === undefined || value === '') throw missing(`set ${reference.env} in the environment`);
    return value;
  }
  if ('secret' in reference) {
    const value = secret(reference.secret);
    if (value === undefined) throw missing(`k6's --secret-source has no secret ${reference.secret}`);
    return value;
  }
  try {
    return readFile(reference.file).trim();
  } catch {
    throw missing(`the file ${reference.file} cannot be read`);
  }
}
