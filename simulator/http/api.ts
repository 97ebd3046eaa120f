import type { RequestListener } from 'node:http';
import type { ListenOptions } from './bind';
import { ClientGone, Refusal, sendJson, type Exchange } from './exchange';
import { listen, type Listener, type DrainingServer, type RunningServer, type Protocols } from './server';
import { control, isControl } from './admin';
import { Pacer } from '../time/pace';
import type { ConfigStore } from '../settings/store';
import type { Identity } from '../tls/authority';
import { Traces } from '../truth/traces';
import { Truth } from '../truth/truth';

/** What the handlers of an API work with: its settings, its record of the truth, and its clock work. */
export interface Context {
  readonly store: ConfigStore;
  readonly truth: Truth;
  readonly pacer: Pacer;
}

/** Answers one request of the API itself. `path` is without the query. Throws a Refusal to answer with an error. */
export type Handler = (exchange: Exchange, path: string) => Promise<void>;

/** Where a server listens. Port 0: any free one. */
export interface Address {
  readonly host: string;
  readonly port: number;
  /** The options by which a user has chosen this port; sentences about it name them. */
  readonly options?: ListenOptions;
  /** The same under TLS, on another port. */
  readonly tls?: { readonly port: number; readonly options?: ListenOptions; readonly authority: Identity };
}

/** An API that is served, on one port or two. */
export interface Served extends RunningServer {
  readonly tlsPort: number | null;
}

/** What an API has beside its routes. */
export interface ServeOptions {
  /** Makes the page /metrics of that of the process. */
  page?: (process: string) => Promise<string>;
  protocols?: Protocols;
}

/** Serves an API with its admin routes. `internal` words a failure of the simulator itself. */
export async function serveApi(
  { host, port, options, tls }: Address,
  store: ConfigStore,
  build: (context: Context) => Handler,
  internal: (message: string) => unknown,
  { page, protocols = 'http/1.1' }: ServeOptions = {},
): Promise<Served & DrainingServer> {
  const own: Context = { store, truth: new Truth(() => store.current.truth_limit), pacer: new Pacer() };
  const controlled = { store, truth: own.truth, traces: new Traces(), page };
  const handle = build(own);
  const serve: RequestListener = (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (isControl(path)) {
      void control(request, response, controlled, host);
      return;
    }
    const exchange: Exchange = { request, response, record: own.truth.open(request, response) };
    handle(exchange, path).catch((error: unknown) => {
      if (error instanceof Refusal) sendJson(exchange, error.status, error.body, error.headers);
      // A client that has left is no failure; its record says so.
      else if (!(error instanceof ClientGone) && !response.destroyed) {
        process.stderr.write(
          `simulator: ${request.method} ${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
        );
        sendJson(exchange, 500, internal(String(error)));
      }
    });
  };
  let secure: Listener | null = null;
  const server = await listen(serve, host, port, protocols, { tunnels: () => secure, options });
  secure =
    tls === undefined
      ? null
      : await listen(serve, host, tls.port, tls.authority, { options: tls.options }).catch(async (error: unknown) => {
          await server.close();
          throw error;
        });
  return {
    port: server.port,
    tlsPort: secure?.port ?? null,
    drain: () => server.drain(),
    close: async () => {
      own.pacer.stop();
      await Promise.all([server.close(), secure?.close()]);
    },
  };
}
