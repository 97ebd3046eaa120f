import * as fs from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { outliveReaders } from './output';
import { HELP, parseArguments, UsageError } from './arguments';
import { ConfigError } from './settings/check';
import { defaultConfig, readConfig } from './settings/config';
import { serviceAccount } from './providers/google-login';
import { WIRES } from './providers/provider';
import { startSimulator } from './start';
import type { Identity } from './tls/authority';

/**
 * Exit codes: 0 stopped by a signal or --help, 2 a wrong argument, a wrong configuration or a port that cannot be had.
 */
async function main(): Promise<void> {
  const args = parseArguments(process.argv.slice(2));
  if (args.help) {
    process.stdout.write(HELP);
    return;
  }
  const config = args.config === null ? defaultConfig() : readConfig(args.config, WIRES);
  const trusted = args.tlsFolder === null ? null : await authorityIn(args.tlsFolder);
  const tls = trusted === null ? {} : { tls: { port: args.tlsPort, authority: trusted.authority } };
  const simulator = await startSimulator({ ...args, ...tls, config, ownThread: true }).catch((error: unknown) => {
    throw new UsageError((error as Error).message);
  });
  if (args.serviceAccount !== null)
    writeServiceAccount(args.serviceAccount, new URL('/token', simulator.providerUrl ?? '').href);
  const exit = (): never => process.exit(0);
  process.once('SIGINT', () => void simulator.close().then(exit));
  process.once('SIGTERM', () => void simulator.end().then(exit));
  const key = Object.entries(config.gateway.keys).find(
    ([, { state, scopes }]) => state === 'active' && scopes.length > 0,
  )?.[0];
  const parts = ['simulator ready:'];
  if (simulator.gatewayUrl !== null) parts.push(`gateway ${simulator.gatewayUrl}`);
  if (simulator.providerUrl !== null) parts.push(`provider ${simulator.providerUrl}`);
  if (simulator.tlsUrl !== null) parts.push(`tls ${simulator.tlsUrl}`);
  process.stdout.write(`${parts.join(' ')} key ${key ?? 'any'}\n`);
  if (args.serviceAccount !== null) process.stdout.write(`simulator service account ${args.serviceAccount}\n`);
  if (trusted !== null) process.stdout.write(howToTrust(trusted.file, new URL(simulator.providerUrl ?? '').origin));
}

async function authorityIn(folder: string): Promise<{ authority: Identity; file: string }> {
  const { keepAuthority, TlsError } = await import('./tls/authority');
  return keepAuthority(folder).catch((error: unknown) => {
    throw error instanceof TlsError ? new UsageError(error.message) : error;
  });
}

/** The variables by which programs take a file of authorities to trust. */
const TRUST = [
  ['NODE_EXTRA_CA_CERTS', 'Node'],
  ['SSL_CERT_FILE', 'Go, OpenSSL, httpx'],
  ['REQUESTS_CA_BUNDLE', 'Python requests, Google login'],
  ['AWS_CA_BUNDLE', 'boto3, aioboto3'],
  ['GRPC_DEFAULT_SSL_ROOTS_FILE_PATH', 'gRPC'],
] as const;

function howToTrust(file: string, proxy: string): string {
  const lines = TRUST.map(([name, who]) => `  ${name}=${file}  (${who})\n`);
  return (
    `simulator authority ${file}: have it trusted by what is tested, and by nothing else, with\n${lines.join('')}` +
    `To lead it here under the providers' own names, without root: HTTPS_PROXY=${proxy} (gRPC: https_proxy)\n`
  );
}

function writeServiceAccount(file: string, tokenUri: string): void {
  try {
    fs.writeFileSync(file, `${JSON.stringify(serviceAccount(tokenUri), null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`The service account cannot be written: ${(error as Error).message}.`);
  }
}

// As one file, the simulator is also what its own thread runs (thread.ts).
if (isMainThread) {
  outliveReaders();
  main().catch((error: unknown) => {
    const known = error instanceof UsageError || error instanceof ConfigError;
    process.stderr.write(
      known ? `simulator: ${error.message}\n` : `simulator: ${error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(2);
  });
}
