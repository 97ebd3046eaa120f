import { Refusal, sendJson, type Exchange } from '../http/exchange';
import type { DrainingServer } from '../http/server';
import { serveApi, type Address, type Handler } from '../http/api';
import type { ConfigStore } from '../settings/store';
import { admit } from './auth';
import type { Gateway } from './call';
import { chat } from './chat';
import { connectTo, limitConnections } from './connections';
import { embeddings } from './embeddings';
import { detail, internalError } from './errors';
import { Breakers } from './failover';
import { Crosstalk, Line } from './flaws/delivery';
import type { Flaws } from './flaws';
import { Edge } from './flaws/edge';
import { Kept } from './flaws/kept';
import { Balancer } from './flaws/instances';
import { Lookups, ModelLists } from './flaws/lookups';
import { Loops } from './flaws/loop';
import { stopLeak } from './flaws/memory';
import { Broken, Database, Pool } from './flaws/pool';
import { OwnPage } from './own-page';
import { Spans, traceRequest } from './spans';
import { blockEventLoop } from '../time/block';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Starts the reference gateway in front of a provider (`http://host:port/v1`). Rejects with a sentence when the port
 * cannot be had.
 */
export async function startGateway(
  address: Address,
  store: ConfigStore,
  providerUrl: string,
  otlpUrl?: string,
): Promise<DrainingServer> {
  const spans = otlpUrl === undefined ? null : new Spans(otlpUrl);
  const upstream = connectTo(providerUrl, store.current.gateway.flaws.upstream_connections);
  const breakers = new Breakers();
  let gateway: Gateway | undefined;
  const page = new OwnPage(() => gateway);
  const flawsNow = () => store.current.gateway.flaws;
  await delay(flawsNow().cold.start_ms);
  const server = await serveApi(
    address,
    store,
    (context) => {
      gateway = {
        context,
        upstream,
        breakers,
        pool: new Pool(),
        broken: new Broken(),
        database: new Database(),
        edge: new Edge(context.pacer),
        loops: new Loops(context.pacer),
        lookups: new Lookups(),
        lists: new ModelLists(),
        kept: new Kept(),
        line: new Line(),
        crosstalk: new Crosstalk(),
        balancer: new Balancer(context.pacer),
      };
      gateway.loops.pause(flawsNow());
      gateway.kept.set(flawsNow());
      return routes(gateway, page, spans);
    },
    internalError,
    { page: (process) => page.text(process, flawsNow()) },
  );
  // What the breakers have learnt holds until they are set otherwise; a change elsewhere (a fault of the provider) must
  // not reset them.
  const settings = (): string => JSON.stringify([store.current.gateway.failover, store.current.gateway.models]);
  let known = settings();
  store.onChange(() => {
    if (known !== settings()) breakers.clear();
    known = settings();
    limitConnections(upstream, store.current.gateway.flaws.upstream_connections);
    const { flaws } = store.current.gateway;
    if (!keepsMemory(flaws)) stopLeak();
    if (flaws.db_pool.size === 0 && flaws.leak.db_share === 0) gateway?.pool.empty();
    gateway?.edge.clear();
    gateway?.line.clear();
    gateway?.loops.pause(flaws);
    gateway?.kept.set(flaws);
  });
  return {
    port: server.port,
    drain: () => (flawsNow().shutdown === 'graceful' ? server.drain() : Promise.resolve()),
    close: async () => {
      gateway?.loops.stop();
      gateway?.kept.stop();
      upstream.agent.destroy();
      await server.close();
      await spans?.close();
    },
  };
}

/** Whether something that is asked or answered is to stay in memory. */
function keepsMemory(flaws: Flaws): boolean {
  const { leak_mb_per_call, leak_mb_per_hangup, leak_mb_per_failure, payload_kept, answer_kept } = flaws;
  return [leak_mb_per_call, leak_mb_per_hangup, leak_mb_per_failure, payload_kept, answer_kept].some(
    (each) => each > 0,
  );
}

const METHODS: Record<string, string> = {
  '/': 'GET',
  '/health': 'GET',
  '/api/v1/models': 'GET',
  '/api/v1/chat/completions': 'POST',
  '/api/v1/embeddings': 'POST',
};

function routes(gateway: Gateway, page: OwnPage, spans: Spans | null): Handler {
  const handlers = Object.keys(METHODS);
  return async (exchange, path) => {
    const { flaws } = gateway.context.store.current.gateway;
    page.open(exchange, path, handlers, flaws);
    traceRequest(exchange, path, spans, flaws);
    const { log, error_ms: errorMs } = flaws;
    const bytes = Number(exchange.request.headers['content-length'] ?? 0);
    const logMs = log.block_ms + (log.ms_per_kb * bytes) / 1024;
    if (logMs > 0) blockEventLoop(logMs);
    if (log.bytes > 0) page.log(log.bytes);
    const slowerMs = gateway.kept.enter(flaws);
    try {
      if (slowerMs > 0) await gateway.context.pacer.sleep(slowerMs);
      await gateway.balancer.enter(exchange, flaws);
      await gateway.edge.enter(exchange, flaws);
      await gateway.loops.busy(exchange.request.socket, flaws.cpu_ms_per_request, flaws);
      await routed(exchange, path, gateway);
    } catch (error) {
      if (errorMs > 0 && error instanceof Refusal) blockEventLoop(errorMs);
      throw error;
    }
  };
}

function routed(exchange: Exchange, path: string, gateway: Gateway): Promise<void> {
  const method = METHODS[path];
  if (method === undefined) throw detail(404, 'Not Found');
  if (exchange.request.method !== method) throw detail(405, 'Method Not Allowed');
  return route(exchange, path, gateway);
}

async function route(exchange: Exchange, path: string, gateway: Gateway): Promise<void> {
  switch (path) {
    case '/api/v1/models':
      return models(exchange, gateway);
    case '/api/v1/chat/completions':
      return chat(exchange, gateway);
    case '/api/v1/embeddings':
      return embeddings(exchange, gateway);
    default:
      return sendJson(exchange, 200, { status: true });
  }
}

/** A bare list, without OpenAI's envelope. Any good key may read it. */
async function models(exchange: Exchange, gateway: Gateway): Promise<void> {
  await admit(exchange, gateway, null);
  const { models: all, flaws } = gateway.context.store.current.gateway;
  await gateway.loops.busy(exchange.request.socket, flaws.block_ms.models, flaws);
  const list = Object.entries(all).map(([id, { name, capability }]) => ({ name, id, capability }));
  sendJson(exchange, 200, gateway.lists.get(JSON.stringify(list), flaws.model_list_stale_s));
}
