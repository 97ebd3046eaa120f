import { NO_REGION } from '../settings/deployments';
import { Refusal, sendJson, type Exchange } from '../http/exchange';
import type { Context } from '../http/api';
import type { Provider } from './answer';
import { chat } from './openai-chat';
import { embeddings } from './openai-embeddings';
import { completions, responses } from './openai-text';
import { openaiError } from './openai-wire';
import { rerank } from './rerank';

/** The OpenAI API, under /v1 or /openai/<region>/v1; all that no other API has. */
export async function openai(exchange: Exchange, path: string, provider: Provider): Promise<void> {
  // One key and one address serve one region only, so it stands in the address: /openai/<region>/v1.
  const [, region = NO_REGION, route = path] = /^\/openai\/([^/]+)(\/v1\/.*)$/.exec(path) ?? [];
  exchange.record.region = region;
  if (route.startsWith('/v1/')) checkKey(exchange);
  switch (`${exchange.request.method} ${route}`) {
    case 'POST /v1/chat/completions':
      return chat(exchange, provider);
    case 'POST /v1/responses':
      return responses(exchange, provider);
    case 'POST /v1/completions':
      return completions(exchange, provider);
    case 'POST /v1/embeddings':
      return embeddings(exchange, provider);
    case 'POST /v1/rerank':
      return rerank(exchange, provider);
    case 'GET /v1/models':
      return models(exchange, provider.context);
    default:
      throw new Refusal(
        404,
        openaiError(`Invalid URL (${exchange.request.method} ${path})`, 'invalid_request_error', null),
      );
  }
}

function checkKey(exchange: Exchange): void {
  if (/^Bearer\s+\S/i.test(exchange.request.headers.authorization ?? '')) return;
  const message = "You didn't provide an API key. Provide it in an Authorization header using Bearer auth.";
  throw new Refusal(401, openaiError(message, 'invalid_request_error', 'invalid_api_key'));
}

function models(exchange: Exchange, context: Context): void {
  const ids = Object.keys(context.store.current.provider.models);
  sendJson(exchange, 200, {
    object: 'list',
    data: ids.map((id) => ({ id, object: 'model', created: 1_748_736_000, owned_by: 'simulator' })),
  });
}
