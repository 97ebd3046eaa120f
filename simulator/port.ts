import { ClientGone, listen, Refusal, sendJson, type Exchange, type RunningServer } from './http';
import { control, isControl } from './control';
import { Pacer } from './pace';
import type { ConfigStore } from './store';
import { Truth } from './truth';

/** What a handler of one port works with. */
export interface Port {
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
}

/** Serves an API with its admin routes. `internal` words a failure of the simulator itself. */
export async function openPort(
  { host, port }: Address,
  store: ConfigStore,
  build: (port: Port) => Handler,
  internal: (message: string) => unknown,
): Promise<RunningServer> {
  const own: Port = { store, truth: new Truth(() => store.current.truth_limit), pacer: new Pacer() };
  const handle = build(own);
  const server = await listen(
    (request, response) => {
      const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
      if (isControl(path)) {
        void control(request, response, own);
        return;
      }
      const exchange: Exchange = { request, response, record: own.truth.open(request, response) };
      handle(exchange, path).catch((error: unknown) => {
        if (error instanceof Refusal) sendJson(exchange, error.status, error.body, error.headers);
        // A client that has left is no failure; its record says so.
        else if (!(error instanceof ClientGone) && !response.destroyed) {
          process.stderr.write(`simulator: ${request.method} ${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
          sendJson(exchange, 500, internal(String(error)));
        }
      });
    },
    host,
    port,
  );
  return {
    port: server.port,
    close: async () => {
      own.pacer.stop();
      await server.close();
    },
  };
}
