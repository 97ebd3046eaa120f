import { NO_REGION } from '../deployments';
import { Refusal, sendJson, type Exchange, type RunningServer } from '../http';
import { openPort, type Address, type Handler, type Port } from '../port';
import { Quotas } from '../quota';
import type { ConfigStore } from '../store';
import { tokensOf } from '../tokens';
import { vectorJson } from '../vectors';
import { chat } from './chat';
import { embeddings } from './embeddings';
import { openaiError } from './openai-wire';
import { checkKey } from './request';

/** Starts the provider with the OpenAI API under /v1. Rejects with a sentence when the port cannot be had. */
export async function startProvider(address: Address, store: ConfigStore): Promise<RunningServer> {
  // Tables that would otherwise be built during the first request, which would make it late.
  await tokensOf('warm');
  vectorJson('warm', 1);
  return openPort(address, store, provider, (message) => openaiError(`The simulator failed: ${message}`, 'simulator_error', null));
}

function provider(port: Port): Handler {
  const quotas = new Quotas();
  port.store.onChange(() => quotas.clear());
  return async (exchange, path) => {
    // One key and one address serve one region only, so it stands in the address: /openai/<region>/v1.
    const [, region = NO_REGION, route = path] = /^\/openai\/([^/]+)(\/v1\/.*)$/.exec(path) ?? [];
    exchange.record.wire = 'openai';
    exchange.record.region = region;
    if (route.startsWith('/v1/')) checkKey(exchange);
    switch (`${exchange.request.method} ${route}`) {
      case 'POST /v1/chat/completions':
        return chat(exchange, port, quotas);
      case 'POST /v1/embeddings':
        return embeddings(exchange, port, quotas);
      case 'GET /v1/models':
        return models(exchange, port);
      default:
        throw new Refusal(404, openaiError(`Invalid URL (${exchange.request.method} ${path})`, 'invalid_request_error', null));
    }
  };
}

function models(exchange: Exchange, port: Port): void {
  const ids = Object.keys(port.store.current.provider.models);
  sendJson(exchange, 200, { object: 'list', data: ids.map((id) => ({ id, object: 'model', created: 1_748_736_000, owned_by: 'simulator' })) });
}
