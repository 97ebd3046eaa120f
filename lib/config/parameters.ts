import type { Bounds } from 'k6/x/sse';
import { baseUrl } from './address';
import { answerLimits } from './answer-limits';
import { arrivalParameters, type ArrivalParameters } from './arrivals';
import { authParameters, refuseTwoCredentials, wantsKey, type AuthParameters } from './auth';
import { exchangeParameters, type ExchangeParameters } from './exchange';
import { operationParameters, type OperationParameters } from './operation';
import { pages, type PageParameters } from './pages';
import { networkParameters, type NetworkParameters } from './network';
import { list, number, ParameterError, repeated, seconds, text, wrong, type Env } from './reading';
import { secretInAddress } from './secret-in-address';
import { sessionParameters, type SessionParameters } from './sessions';
import { parameterTable, simulatedProviderUrl, simulatorKey, simulatorUrl } from './table';
import { tellingHeaders, type TellingHeaders } from './telling-headers';
import { tlsParameters, type TlsParameters } from './tls';
import { tokenizerParameters, type TokenizerParameters } from './tokenizers';

/** What every script is told through `-e KEY=value`. Durations are seconds. */
export interface Parameters
  extends ExchangeParameters,
    AuthParameters,
    NetworkParameters,
    ArrivalParameters,
    SessionParameters,
    OperationParameters,
    PageParameters,
    TellingHeaders,
    TokenizerParameters {
  /** The gateway's address without its query and without a slash at its end. */
  baseUrl: string;
  /** The query of BASE_URL with its `?`, kept on every route; "" without one. */
  query: string;
  tls: TlsParameters;
  /** A key each; more than one are taken in turn. Empty: no key is sent. */
  apiKeys: string[];
  /** How often each key is used beside the others; undefined: all alike. */
  keyWeights?: number[];
  models: string[];
  embeddingModel: string;
  rate?: number;
  vus?: number;
  duration?: number;
  scale: number;
  timeScale: number;
  /** The climb of stress does not go beyond this, requests per second. */
  maxRate?: number;
  promptTokens?: number;
  /** Share of the chats that are asked for whole; undefined: as the workload has them. */
  plainShare?: number;
  maxTokens?: number;
  /** What the model is documented to take, tokens of prompt and answer together. */
  contextWindow: number;
  seed: number;
  objectives?: string;
  out: string;
  /** The simulated provider's base URL; undefined when the provider is a real one. */
  providerUrl?: string;
  /** Price table by model, instead of data/prices.json. */
  prices?: string;
  /** What failover makes of the primary, in turn. */
  faults?: string[];
  /** What npm run calibrate wrote: a path, "none", or the project's own. */
  calibration?: string;
  /** The largest error by the calibration at which a run still counts, a share. */
  maxError: number;
  /** Share of the requests whose traceparent says sampled; undefined: no such header is sent. */
  traces?: number;
  /** REQUESTS: which requests get a line in requests.jsonl. */
  requests?: 'all' | 'sample' | 'failed';
  /** Where a trace is looked at; `{id}` stands for its id. */
  tracesUrl?: string;
  /** Where the run is looked at in Grafana, without a slash at the end. */
  grafanaUrl?: string;
  /** Instances behind the balancer of `baseUrl`. */
  baseUrls: string[];
  /** Seconds from the run's start to that of its load; undefined: as soon as the target was tried. */
  startAfter?: number;
  /** What answers may make the generator hold. */
  limits: Required<Bounds>;
}

/**
 * The simulator's own where the simulator's gateway is the target; behind another gateway there may be a real provider.
 */
function providerUrl(env: Env, base: string): string | undefined {
  const given = (env.PROVIDER_URL ?? (base === simulatorUrl ? simulatedProviderUrl : 'none')).trim();
  if (given === 'none') return undefined;
  if (!/^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?(\/[^\s?#]*)?$/i.test(given))
    throw wrong('PROVIDER_URL', given, `an address like ${simulatedProviderUrl}, or none, is wanted`);
  return given.replace(/\/+$/, '');
}

function checkKey(key: string, where: string): string {
  // The key itself is never part of a message.
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new ParameterError(
      `${where} is wrong: a key has no spaces, line ends or characters outside ASCII, and is not empty`,
    );
  return key;
}

/** The keys that API_KEYS_FILE holds: one a line, and after it how often it is used beside the others. */
function keysOf(lines: readonly string[]): Keys {
  const keys = lines.map((line, i) => {
    const where = `line ${i + 1} of the keys in API_KEYS_FILE`;
    const [, key, weight] = /^(\S+)\s+(\d+\.?\d*|\.\d+)$/.exec(line) ?? [line, line, '1'];
    if (!(Number(weight) > 0 && Number(weight) <= 1e6))
      throw new ParameterError(`${where} is wrong: what follows a key is its weight, above 0 and at most 1000000`);
    return { key: checkKey(key!, where), weight: Number(weight) };
  });
  const all = keys.map(({ key }) => key);
  const second = all.findIndex((key, i) => all.indexOf(key) < i);
  if (second >= 0)
    throw new ParameterError(
      `API_KEYS_FILE is wrong: key ${second + 1} is the same as key ${all.indexOf(all[second]!) + 1}, so two agencies would be one. To use a key more often, give its weight behind it (\`key 2\`)`,
    );
  const weights = keys.map(({ weight }) => weight);
  const alike = weights.every((weight) => weight === weights[0]);
  return { apiKeys: keys.map(({ key }) => key), keyWeights: alike ? undefined : weights };
}

type Keys = Pick<Parameters, 'apiKeys' | 'keyWeights'>;

function apiKeys(env: Env, base: string, readFile: (path: string) => string, secret: string | undefined): Keys {
  if (env.API_KEY !== undefined && env.API_KEYS_FILE !== undefined)
    throw new ParameterError('API_KEY and API_KEYS_FILE are both given: give one');
  if (env.API_KEY === 'none') return { apiKeys: [] };
  if (env.API_KEY !== undefined) return { apiKeys: [checkKey(env.API_KEY, 'API_KEY')] };
  if (env.API_KEYS_FILE !== undefined) {
    let text: string;
    try {
      text = readFile(env.API_KEYS_FILE);
    } catch {
      throw wrong('API_KEYS_FILE', env.API_KEYS_FILE, 'no such file can be read');
    }
    const keys = text
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#'));
    if (keys.length === 0) throw wrong('API_KEYS_FILE', env.API_KEYS_FILE, 'it holds no key; one a line is wanted');
    return keysOf(keys);
  }
  if (secret !== undefined) return { apiKeys: [checkKey(secret, 'the secret API_KEY')] };
  if (base === simulatorUrl) return { apiKeys: [simulatorKey] };
  throw new ParameterError(
    `API_KEY is missing: ${base} is not the simulator. Give -e API_KEY=…, or -e API_KEYS_FILE=path (one key a line), or k6's --secret-source with a secret API_KEY, or AUTH=none for a gateway without keys; TOKEN_FILE, TOKEN_COMMAND, AUTH=oauth and AUTH=sigv4 are for keys that change`,
  );
}

function requestsKept(env: Env): Parameters['requests'] {
  const given = env.REQUESTS?.trim() ?? 'none';
  if (given === 'none') return undefined;
  if (given === 'all' || given === 'sample' || given === 'failed') return given;
  throw wrong('REQUESTS', given, 'none, all, sample or failed is wanted');
}

function traces(env: Env): { traces?: number; tracesUrl?: string } {
  const given = env.TRACES?.trim() ?? 'none';
  const url = text(env, 'TRACES_URL');
  const share = /^w3c(?::(\d*\.?\d+))?$/.exec(given);
  const traces = share ? Number(share[1] ?? 1) : undefined;
  if (given !== 'none' && !(traces !== undefined && traces > 0 && traces <= 1))
    throw wrong('TRACES', given, 'none, w3c, or w3c with a share above 0 and at most 1, like w3c:0.1, is wanted');
  if (url !== undefined && !/^https?:\/\/\S*\{id\}/i.test(url))
    throw wrong(
      'TRACES_URL',
      url,
      'an http(s) address with {id} where the trace id belongs, like http://localhost:16686/trace/{id}, is wanted',
    );
  if (url !== undefined && traces === undefined)
    throw new ParameterError('TRACES_URL is given without TRACES: no request would have a trace. Give TRACES=w3c too');
  return { traces, tracesUrl: url };
}

function grafana(env: Env): string | undefined {
  const url = text(env, 'GRAFANA_URL');
  if (url !== undefined && !/^https?:\/\/[^\s?#]+$/i.test(url))
    throw wrong(
      'GRAFANA_URL',
      url,
      "the http(s) address of Grafana's first page, like http://localhost:3000, is wanted",
    );
  return url?.replace(/\/+$/, '');
}

/** Seconds; a setup() may take 180 of them. */
function startAfter(env: Env): number | undefined {
  if (env.START_AFTER === undefined) return undefined;
  const after = seconds(env.START_AFTER);
  if (after === undefined || after < 1 || after > 120)
    throw wrong('START_AFTER', env.START_AFTER, 'a duration from 1s to 120s is wanted');
  return after;
}

/** The sizes of requests to them are tags of samples, so there are few. */
const instancesAtMost = 10;

function instances(env: Env): string[] {
  const given = list(env, 'BASE_URLS') ?? [];
  if (given.length > instancesAtMost)
    throw new ParameterError(
      `BASE_URLS is wrong: it names ${given.length} instances, at most ${instancesAtMost} can be asked`,
    );
  const urls = given.map((url) => {
    if (!/^https?:\/\/(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?(\/[^\s?#]*)?$/i.test(url))
      throw wrong('BASE_URLS', url, 'an address like http://10.0.0.1:8080/api/v1 is wanted, without a query');
    return url.replace(/\/+$/, '');
  });
  const twice = repeated(urls);
  if (twice !== undefined) throw wrong('BASE_URLS', env.BASE_URLS!, `it names ${twice} twice`);
  return urls;
}

/** The gateway's address has its own sentence, which says where its key belongs. */
function refuseSecrets(env: Env): void {
  for (const { name } of parameterTable) {
    const secret = /_URLS?$/.test(name) && name !== 'BASE_URL' ? secretInAddress(env[name] ?? '') : '';
    if (secret)
      throw new ParameterError(
        `${name} holds ${secret}: it would stand in run.json, in the table and in the logs of every proxy. Leave it out; what needs a login cannot be used here`,
      );
  }
}

/**
 * Reads and checks all parameters; `secret` is the key of k6's `--secret-source`, where there is one. Throws {@link
 * ParameterError} with one sentence about the first that is wrong.
 */
export function readParameters(env: Env, readFile: (path: string) => string, secret?: string): Parameters {
  const whole = (n: number) => Number.isInteger(n);
  refuseSecrets(env);
  const { base, query } = baseUrl(env);
  const auth = authParameters(env, readFile);
  if (env.MODEL !== undefined && env.MODELS !== undefined)
    throw new ParameterError('MODEL and MODELS are both given: give one');
  const duration = env.DURATION === undefined ? undefined : seconds(env.DURATION);
  if (env.DURATION !== undefined && (duration === undefined || duration <= 0))
    throw wrong('DURATION', env.DURATION, 'a duration above zero like 30s, 5m or 1h30m is wanted');
  if (env.DURATION !== undefined && env.TIME_SCALE !== undefined)
    throw new ParameterError('DURATION and TIME_SCALE are both given: give one');
  if (env.RATE !== undefined && env.SCALE !== undefined)
    throw new ParameterError('RATE and SCALE are both given: give one');
  const exchange = exchangeParameters(env, readFile);
  refuseTwoCredentials(exchange.headers, auth);
  const above0 = (n: number) => n > 0 && n <= 100;
  return {
    baseUrl: base,
    query,
    tls: tlsParameters(env, readFile),
    ...networkParameters(env, readFile),
    ...exchange,
    ...sessionParameters(env),
    ...auth,
    ...(wantsKey(auth) ? apiKeys(env, base, readFile, secret) : { apiKeys: [] }),
    models: list(env, 'MODELS') ?? [text(env, 'MODEL') ?? 'claude_3_haiku'],
    embeddingModel: text(env, 'EMBEDDING_MODEL') ?? 'cohere_english_v3',
    rate: number(env, 'RATE', 'a number above 0 and at most 100000 is wanted', (n) => n > 0 && n <= 100_000),
    vus: number(env, 'VUS', 'a whole number from 1 to 100000 is wanted', (n) => whole(n) && n >= 1 && n <= 100_000),
    duration,
    scale: number(env, 'SCALE', 'a number above 0 and at most 100 is wanted', above0) ?? 1,
    timeScale: number(env, 'TIME_SCALE', 'a number above 0 and at most 100 is wanted', above0) ?? 1,
    maxRate: number(env, 'MAX_RATE', 'a number above 0 and at most 100000 is wanted', (n) => n > 0 && n <= 100_000),
    promptTokens: number(env, 'PROMPT_TOKENS', 'a whole number from 1 is wanted', (n) => whole(n) && n >= 1),
    plainShare: number(env, 'PLAIN_SHARE', 'a number from 0 to 1 is wanted', (n) => n >= 0 && n <= 1),
    maxTokens: number(env, 'MAX_TOKENS', 'a whole number from 1 is wanted', (n) => whole(n) && n >= 1),
    contextWindow:
      number(
        env,
        'CONTEXT_WINDOW',
        'a whole number from 1000 to 100000000 is wanted',
        (n) => whole(n) && n >= 1000 && n <= 1e8,
      ) ?? 200_000,
    ...arrivalParameters(env),
    seed:
      number(
        env,
        'SEED',
        'a whole number from 0 to 4294967295 is wanted',
        (n) => whole(n) && n >= 0 && n <= 0xffffffff,
      ) ?? 1,
    objectives: text(env, 'OBJECTIVES'),
    out: text(env, 'OUT') ?? 'results',
    providerUrl: providerUrl(env, base),
    prices: text(env, 'PRICES'),
    faults: list(env, 'FAULTS'),
    calibration: text(env, 'CALIBRATION'),
    maxError: (number(env, 'MAX_ERROR', 'a number above 0 is wanted: percent', (n) => n > 0) ?? 5) / 100,
    ...traces(env),
    grafanaUrl: grafana(env),
    requests: requestsKept(env),
    baseUrls: instances(env),
    ...tellingHeaders(env),
    ...tokenizerParameters(env, readFile),
    ...pages(env),
    ...operationParameters(env, readFile),
    startAfter: startAfter(env),
    limits: answerLimits((name, allowed, ok) => number(env, name, allowed, ok)),
  };
}
