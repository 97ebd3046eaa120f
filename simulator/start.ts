import { ConfigStore } from './settings/store';
import { startGateway } from './gateway/gateway';
import { startProvider, WIRES } from './providers/provider';
import { openProviderThread } from './providers/thread';
import type { Config } from './settings/types';
import type { Address } from './http/api';
import type { ListenOptions } from './http/bind';
import type { Identity } from './tls/authority';

export interface StartOptions {
  readonly host?: string;
  /** 0 (the default here): any free port. */
  readonly gatewayPort?: number;
  readonly providerPort?: number;
  readonly config?: Config;
  readonly only?: 'gateway' | 'provider';
  /** The provider of a gateway alone. */
  readonly providerUrl?: string;
  /**
   * Where the gateway sends its spans (OTLP over HTTP), as http://127.0.0.1:4318/v1/traces; `provider`: to the collector
   * at the provider's port.
   */
  readonly otlpUrl?: string;
  /**
   * The provider is served under TLS too, with certificates of this authority. Port 0 (the default here): any free one.
   */
  readonly tls?: { readonly port?: number; readonly authority: Identity };
  /**
   * The provider gets a thread of its own, so that a gateway whose event loop is blocked does not make the provider
   * late too. Off: both in the calling thread, which starts in no time.
   */
  readonly ownThread?: boolean;
}

export interface Simulator {
  /** `http://host:port/api/v1`, null without a gateway. */
  readonly gatewayUrl: string | null;
  /** `http://host:port/v1`, null when the provider is somebody else's. */
  readonly providerUrl: string | null;
  /** `https://host:port/v1`, null without TLS. */
  readonly tlsUrl: string | null;
  /** Lets the gateway end what is under way, if it is one that does (flaw `shutdown`), and then closes all. */
  end(): Promise<void>;
  close(): Promise<void>;
}

/** The options of the command, by which a user chooses the ports. */
const OPTIONS: { readonly [port in 'gateway' | 'provider' | 'tls']: ListenOptions } = {
  gateway: {
    host: '--host',
    port: '--gateway-port',
    taken: 'If a gateway of yours listens there, start the provider alone with --only provider.',
  },
  provider: { host: '--host', port: '--provider-port' },
  tls: {
    host: '--host',
    port: '--tls-port',
    denied:
      "Clients that take a proxy from HTTPS_PROXY reach it at any port, under the providers' own names (simulator/README.md, TLS).",
  },
};

/** Starts gateway and provider, or one of them. Rejects with a sentence when a port cannot be had. */
export async function startSimulator(options: StartOptions = {}): Promise<Simulator> {
  const { host = '127.0.0.1', gatewayPort = 0, providerPort = 0, only, ownThread = false } = options;
  const store = new ConfigStore(options.config, WIRES);
  const closers: (() => Promise<void>)[] = [];
  const urlOf = (port: number, base: string, scheme = 'http'): string =>
    `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}${base}`;
  const close = async (): Promise<void> => void (await Promise.all(closers.map((closer) => closer())));

  try {
    let providerUrl: string | null = null;
    let tlsUrl: string | null = null;
    if (only !== 'gateway') {
      const address: Address = {
        host,
        port: providerPort,
        options: OPTIONS.provider,
        ...(options.tls === undefined ? {} : { tls: { port: 0, options: OPTIONS.tls, ...options.tls } }),
      };
      const provider =
        ownThread && only === undefined
          ? await openProviderThread(address, store)
          : await startProvider(address, store);
      closers.push(() => provider.close());
      providerUrl = urlOf(provider.port, '/v1');
      if (provider.tlsPort !== null) tlsUrl = urlOf(provider.tlsPort, '/v1', 'https');
    }
    let gatewayUrl: string | null = null;
    let drain: () => Promise<void> = () => Promise.resolve();
    if (only !== 'provider') {
      const gateway = await startGateway(
        { host, port: gatewayPort, options: OPTIONS.gateway },
        store,
        providerUrl ?? options.providerUrl ?? '',
        options.otlpUrl === 'provider'
          ? new URL('/v1/traces', providerUrl ?? options.providerUrl).href
          : options.otlpUrl,
      );
      closers.push(() => gateway.close());
      drain = () => gateway.drain();
      gatewayUrl = urlOf(gateway.port, '/api/v1');
    }
    return { gatewayUrl, providerUrl, tlsUrl, end: () => drain().then(close), close };
  } catch (error) {
    await close();
    throw error;
  }
}
