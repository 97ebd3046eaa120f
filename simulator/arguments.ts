/** The command line cannot be understood. The message is a sentence. */
export class UsageError extends Error {}

export interface Arguments {
  readonly help: boolean;
  readonly host: string;
  readonly gatewayPort: number;
  readonly providerPort: number;
  readonly config: string | null;
  readonly only: 'gateway' | 'provider' | undefined;
  readonly providerUrl: string | undefined;
  readonly otlpUrl: string | undefined;
  /** Where to write a made-up service account. */
  readonly serviceAccount: string | null;
  /** Folder of the certificate authority, with which the provider is served under TLS too. */
  readonly tlsFolder: string | null;
  readonly tlsPort: number;
}

export const HELP = `npm run simulator [-- options]

Simulates an LLM provider (APIs of OpenAI, Bedrock and Vertex AI) and, in front of it, a reference gateway (GSAi API).

  --gateway-port N       port of the gateway (8080); 0: any free one
  --provider-port N      port of the provider (8090); 0: any free one
  --host ADDRESS         address to listen on (127.0.0.1)
  --config FILE          JSON laid over the default settings (GET /config shows them)
  --only gateway|provider
  --provider-url URL     with --only gateway: its provider, as http://127.0.0.1:8090/v1
  --otlp-url URL         where the gateway sends its spans (OTLP over HTTP, JSON), as http://127.0.0.1:4318/v1/traces;
                         provider: to the provider's port, which gives them back as Jaeger does (GET /api/traces/<id>)
  --service-account FILE write a made-up Google service account, which logs in at the provider
  --tls FOLDER           the provider speaks TLS too, on another port, with certificates of an authority that is kept
                         in FOLDER, and made there the first time: clients have to trust FOLDER/ca.pem
  --tls-port N           port of the provider under TLS (8443); 0: any free one
  --help

simulator/README.md tells of settings, directives, faults, admin routes and the truth.
`;

const NAMES = [
  '--gateway-port',
  '--provider-port',
  '--host',
  '--config',
  '--only',
  '--provider-url',
  '--otlp-url',
  '--service-account',
  '--tls',
  '--tls-port',
];

/** Reads the command line, `--name value` or `--name=value`. Throws a UsageError. */
export function parseArguments(args: readonly string[]): Arguments {
  const given = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (word === '--help' || word === '-h') {
      given.set('--help', '');
      continue;
    }
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    if (!NAMES.includes(name))
      throw new UsageError(`${word} is not an option; the options are ${NAMES.join(', ')}, --help.`);
    const value = equals < 0 ? args[(index += 1)] : word.slice(equals + 1);
    if (value === undefined || value === '') throw new UsageError(`${name} needs a value.`);
    given.set(name, value);
  }
  const only = given.get('--only');
  if (only !== undefined && only !== 'gateway' && only !== 'provider') {
    throw new UsageError(`--only is "${only}", but must be gateway or provider.`);
  }
  return {
    help: given.has('--help'),
    host: given.get('--host') ?? '127.0.0.1',
    gatewayPort: portOf('--gateway-port', given.get('--gateway-port') ?? '8080'),
    providerPort: portOf('--provider-port', given.get('--provider-port') ?? '8090'),
    config: given.get('--config') ?? null,
    only,
    providerUrl: providerUrlOf(given.get('--provider-url'), only),
    otlpUrl: otlpUrlOf(given.get('--otlp-url'), only),
    serviceAccount: serviceAccountOf(given.get('--service-account'), only),
    tlsFolder: tlsOf(given.get('--tls'), given.get('--tls-port'), only),
    tlsPort: portOf('--tls-port', given.get('--tls-port') ?? '8443'),
  };
}

function portOf(name: string, value: string): number {
  if (/^\d{1,5}$/.test(value) && Number(value) <= 65_535) return Number(value);
  throw new UsageError(`${name} is "${value}", but must be a whole number from 0 to 65535.`);
}

function otlpUrlOf(value: string | undefined, only: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (only === 'provider') throw new UsageError('--otlp-url is for the gateway, and --only provider starts none.');
  if (value === 'provider' || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) return value;
  throw new UsageError(
    `--otlp-url is "${value}", but must be an http(s) address, as http://127.0.0.1:4318/v1/traces, or provider.`,
  );
}

function serviceAccountOf(value: string | undefined, only: string | undefined): string | null {
  if (value !== undefined && only === 'gateway')
    throw new UsageError('--service-account is not for --only gateway: it is the provider that it logs in at.');
  return value ?? null;
}

function tlsOf(folder: string | undefined, port: string | undefined, only: string | undefined): string | null {
  if (folder !== undefined && only === 'gateway')
    throw new UsageError('--tls is not for --only gateway: it is the provider that speaks TLS.');
  if (folder === undefined && port !== undefined)
    throw new UsageError('--tls-port needs --tls, the folder of the certificate authority.');
  return folder ?? null;
}

function providerUrlOf(value: string | undefined, only: string | undefined): string | undefined {
  if (only === 'gateway' && value === undefined)
    throw new UsageError('--only gateway needs --provider-url, as http://127.0.0.1:8090/v1.');
  if (value === undefined) return undefined;
  if (only !== 'gateway') throw new UsageError('--provider-url is only for --only gateway.');
  if (URL.canParse(value) && new URL(value).protocol === 'http:') return value;
  throw new UsageError(`--provider-url is "${value}", but must be an http:// address, as http://127.0.0.1:8090/v1.`);
}
