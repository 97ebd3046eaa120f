import * as http from 'node:http';

/** The provider as the gateway sees it: its base URL (ending in /v1) and one pool of kept connections. */
export interface Upstream {
  readonly baseUrl: URL;
  readonly agent: http.Agent;
}

/** `connections`: at most so many at once; 0: no limit. */
export function connectTo(providerUrl: string, connections: number): Upstream {
  return {
    baseUrl: new URL(providerUrl.replace(/\/*$/, '/')),
    agent: new http.Agent({ keepAlive: true, maxSockets: connections || Infinity, noDelay: true }),
  };
}

/** Changes the limit. Kept connections beyond it would be used all the same, so they are closed. */
export function limitConnections({ agent }: Upstream, connections: number): void {
  const limit = connections || Infinity;
  if (limit < agent.maxSockets)
    for (const kept of Object.values(agent.freeSockets)) for (const socket of kept ?? []) socket.destroy();
  agent.maxSockets = limit;
}
