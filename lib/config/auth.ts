import type { Credentials } from 'k6/x/sse';
import { list, number, ParameterError, text, wrong, type Env } from './reading';
import type { ParameterRow } from './row';

/*
 * How requests say who they are from. A key that stays the same is a header; what changes during a load (tokens,
 * signatures) is added by the extension.
 */

export interface AuthParameters {
  /** As given: bearer, header:NAME, none, oauth, sigv4. */
  auth: string;
  /** The header that a key or a token is sent in, and what stands before it; undefined: none is. */
  keyHeader?: { name: string; prefix: string };
  /** What changes during a load; undefined: API_KEY is all. Never recorded. */
  credentials?: Credentials;
}

export const authRows: ParameterRow[] = [
  {
    name: 'AUTH',
    default: 'bearer; header:x-api-key with WIRE=messages',
    allowed: 'bearer, header:NAME, none, oauth, sigv4',
    meaning:
      'how requests are authenticated: with the key as a bearer token or in a header of its own (header:api-key), with tokens of an authorization server (OAUTH_…), or signed for AWS (AWS_…)',
  },
  {
    name: 'TOKEN_FILE',
    default: 'none',
    allowed: 'path',
    meaning: 'a file whose content is the key. It is read again every second, so another program can renew it',
  },
  {
    name: 'TOKEN_COMMAND',
    default: 'none',
    allowed: 'a program and its arguments',
    meaning:
      'a program, run without a shell, that writes the key: gcloud auth print-access-token. It is run again as its JSON says (expires_in), or after TOKEN_EVERY. Only -e can give it',
  },
  {
    name: 'TOKEN_EVERY',
    default: '300',
    allowed: 'number from 1',
    meaning: 'seconds between two runs of TOKEN_COMMAND',
  },
  {
    name: 'OAUTH_TOKEN_URL',
    default: 'none',
    allowed: 'http(s) URL',
    meaning:
      'with AUTH=oauth: the token endpoint (client credentials grant). One token serves all users, and the next one is there before it ends',
  },
  { name: 'OAUTH_CLIENT_ID', default: 'none', allowed: 'text', meaning: 'with AUTH=oauth: the client' },
  {
    name: 'OAUTH_CLIENT_SECRET',
    default: 'none',
    allowed: 'text, or @file',
    meaning: "with AUTH=oauth: the client's secret; it is never recorded",
  },
  { name: 'OAUTH_SCOPE', default: 'none', allowed: 'list with commas', meaning: 'with AUTH=oauth: the scopes' },
  { name: 'OAUTH_AUDIENCE', default: 'none', allowed: 'text', meaning: 'with AUTH=oauth: the audience' },
  { name: 'AWS_REGION', default: 'none', allowed: 'text', meaning: 'with AUTH=sigv4: the region' },
  { name: 'AWS_SERVICE', default: 'bedrock', allowed: 'text', meaning: 'with AUTH=sigv4: the service' },
  {
    name: 'AWS_ACCESS_KEY_ID',
    default: 'none',
    allowed: 'text',
    meaning:
      "with AUTH=sigv4: the keys, with AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. In place of them TOKEN_COMMAND='aws configure export-credentials' renews them",
  },
  { name: 'AWS_SECRET_ACCESS_KEY', default: 'none', allowed: 'text', meaning: 'see AWS_ACCESS_KEY_ID' },
  { name: 'AWS_SESSION_TOKEN', default: 'none', allowed: 'text', meaning: 'see AWS_ACCESS_KEY_ID' },
];

/** Seconds between two runs of a command that does not say when its token ends. */
const usualEvery = 300;

/** Reads and checks them. Throws {@link ParameterError}. */
export function authParameters(env: Env, readFile: (path: string) => string): AuthParameters {
  // Anthropic's own wire has the key in a header of its own.
  const auth = text(env, 'AUTH') ?? (env.WIRE?.trim() === 'messages' ? 'header:x-api-key' : 'bearer');
  const source = tokenSource(env);
  for (const [name, needs] of [
    ['OAUTH_TOKEN_URL', 'oauth'],
    ['OAUTH_CLIENT_ID', 'oauth'],
    ['AWS_SERVICE', 'sigv4'],
  ] as const)
    if (env[name] !== undefined && auth !== needs)
      throw new ParameterError(`${name} is given with AUTH=${auth}: it belongs to AUTH=${needs}`);
  const keyHeader = headerOf(auth);
  switch (auth) {
    case 'none':
      if (env.API_KEY !== undefined && env.API_KEY !== 'none')
        throw new ParameterError('AUTH=none and API_KEY are both given: give one');
      if (source) throw new ParameterError('AUTH=none and a source of tokens are both given: give one');
      return { auth };
    case 'oauth':
      if (source) throw new ParameterError('AUTH=oauth has tokens of its own: leave TOKEN_FILE and TOKEN_COMMAND out');
      return { auth, keyHeader, credentials: { ...headerFields(keyHeader!), oauth: oauth(env, readFile) } };
    case 'sigv4':
      return { auth, credentials: { ...source, sigv4: sigv4(env, source !== undefined) } };
    default:
      return { auth, keyHeader, credentials: source && { ...headerFields(keyHeader!), ...source } };
  }
}

/** Whether an API key is wanted. */
export const wantsKey = ({ auth, credentials }: AuthParameters) => auth !== 'none' && credentials === undefined;

/** What AUTH renews is sent beside the other headers: the same header twice would be two credentials. */
export function refuseTwoCredentials(headers: object, { auth, keyHeader, credentials }: AuthParameters): void {
  if (!credentials) return;
  const ours = (keyHeader?.name ?? 'Authorization').toLowerCase();
  const twice = Object.keys(headers).find((name) => name.toLowerCase() === ours);
  if (twice !== undefined)
    throw new ParameterError(
      `HEADERS holds ${twice}, and so does what AUTH=${auth} adds to each request: give one. AUTH=none sends that of HEADERS alone`,
    );
}

const headerFields = ({ name, prefix }: { name: string; prefix: string }) => ({ header: name, prefix });

function headerOf(auth: string): AuthParameters['keyHeader'] {
  if (auth === 'bearer' || auth === 'oauth') return { name: 'Authorization', prefix: 'Bearer ' };
  const name = /^header:\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)$/i.exec(auth)?.[1];
  if (name !== undefined) return { name, prefix: '' };
  if (/^query\b/i.test(auth))
    throw new ParameterError(
      `AUTH=${auth} is refused: a key in an address is written into the logs of the gateway and of every proxy before it. Every gateway that takes one there takes it in a header too: AUTH=header:NAME (Google: header:x-goog-api-key, Azure: header:api-key)`,
    );
  if (auth !== 'none' && auth !== 'sigv4')
    throw wrong('AUTH', auth, 'bearer, header:NAME (as header:api-key), none, oauth or sigv4 is wanted');
  return undefined;
}

function tokenSource(env: Env): Credentials | undefined {
  const file = text(env, 'TOKEN_FILE');
  const command = text(env, 'TOKEN_COMMAND');
  const every = number(
    env,
    'TOKEN_EVERY',
    'a number of seconds from 1 to 86400 is wanted',
    (n) => n >= 1 && n <= 86_400,
  );
  if (every !== undefined && command === undefined)
    throw new ParameterError('TOKEN_EVERY is given without TOKEN_COMMAND');
  const given = ['TOKEN_FILE', 'TOKEN_COMMAND', 'API_KEY', 'API_KEYS_FILE'].filter((name) => env[name] !== undefined);
  if ((file ?? command) !== undefined && given.length > 1)
    throw new ParameterError(`${given.join(' and ')} are both given: give one`);
  if (file !== undefined) return { file };
  if (command === undefined) return undefined;
  return { command: words(command), every: every ?? usualEvery };
}

/** A command's words: separated by spaces, those with spaces in quotes. No shell reads them. */
function words(command: string): string[] {
  const found = [...command.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, one?: string, other?: string) => one ?? other ?? ''),
  );
  if (found.length === 0 || found[0] === '')
    throw new ParameterError('TOKEN_COMMAND is wrong: a program and its arguments are wanted');
  return found;
}

function needed(env: Env, name: string, auth: string): string {
  const value = text(env, name);
  if (value === undefined) throw new ParameterError(`${name} is missing: AUTH=${auth} needs it`);
  return value;
}

function oauth(env: Env, readFile: (path: string) => string): NonNullable<Credentials['oauth']> {
  const url = needed(env, 'OAUTH_TOKEN_URL', 'oauth');
  if (!/^https?:\/\/[^\s/@]+(\/\S*)?$/i.test(url))
    throw wrong('OAUTH_TOKEN_URL', url.replace(/\?.*/, '?…'), 'an address like https://login/oauth2/token is wanted');
  const secret = needed(env, 'OAUTH_CLIENT_SECRET', 'oauth');
  const file = secret.startsWith('@') ? secret.slice(1) : undefined;
  return {
    url,
    id: needed(env, 'OAUTH_CLIENT_ID', 'oauth'),
    secret: file === undefined ? secret : secretIn(file, readFile),
    scopes: list(env, 'OAUTH_SCOPE'),
    audience: text(env, 'OAUTH_AUDIENCE'),
  };
}

function secretIn(file: string, readFile: (path: string) => string): string {
  try {
    return readFile(file).trim();
  } catch {
    throw wrong('OAUTH_CLIENT_SECRET', `@${file}`, 'no such file can be read');
  }
}

function sigv4(env: Env, hasSource: boolean): NonNullable<Credentials['sigv4']> {
  const region = needed(env, 'AWS_REGION', 'sigv4');
  const service = text(env, 'AWS_SERVICE') ?? 'bedrock';
  if (hasSource) return { region, service };
  return {
    region,
    service,
    accessKeyId: needed(env, 'AWS_ACCESS_KEY_ID', 'sigv4'),
    secretAccessKey: needed(env, 'AWS_SECRET_ACCESS_KEY', 'sigv4'),
    sessionToken: text(env, 'AWS_SESSION_TOKEN'),
  };
}
