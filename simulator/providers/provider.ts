import type { Wire } from '../settings/wire';
import type { Exchange } from '../http/exchange';
import { serveApi, type Address, type Handler, type Context, type Served } from '../http/api';
import { Prefixes } from './prefixes';
import { PromptCache } from './prompt-cache';
import { Quotas } from './quota';
import type { ConfigStore } from '../settings/store';
import { tokensOf } from '../generation/tokens';
import { vectorBase64, vectorJson } from '../generation/vectors';
import type { Provider } from './answer';
import { anthropic, ANTHROPIC_PATHS } from './anthropic';
import { bedrock } from './bedrock';
import { googleToken } from './google-login';
import { openai } from './openai';
import { openaiError } from './openai-wire';
import { vertex, VERTEX_PATHS } from './vertex';
import { unknownGrpc, VERTEX_GRPC_PATHS, vertexGrpc } from './vertex-grpc';

/** One API of the provider's port. */
interface Api {
  readonly wire: Wire;
  readonly paths: RegExp;
  readonly answer: (exchange: Exchange, path: string, provider: Provider) => Promise<void>;
}

/** Where a wire is registered. Their paths do not meet: the first whose paths these are has the call. */
const APIS: readonly Api[] = [
  { wire: 'bedrock', paths: /^\/model\//, answer: bedrock },
  { wire: 'vertex', paths: VERTEX_PATHS, answer: vertex },
  { wire: 'vertex', paths: VERTEX_GRPC_PATHS, answer: vertexGrpc },
  { wire: 'vertex', paths: /^\/token$/, answer: googleToken },
  { wire: 'anthropic', paths: ANTHROPIC_PATHS, answer: anthropic },
  { wire: 'openai', paths: /^/, answer: openai },
];

/** The wires that deployments may name. */
export const WIRES: readonly Wire[] = [...new Set(APIS.map(({ wire }) => wire))].reverse();

/** Starts the provider. Rejects with a sentence when the port cannot be had. */
export async function startProvider(address: Address, store: ConfigStore): Promise<Served> {
  // Tables that would otherwise be built during the first request, which would make it late.
  await tokensOf('warm');
  vectorJson('warm', 1);
  vectorBase64('warm', 1);
  return serveApi(
    address,
    store,
    provider,
    (message) => openaiError(`The simulator failed: ${message}`, 'simulator_error', null),
    { protocols: 'h2c' },
  );
}

function provider(context: Context): Handler {
  const quotas = new Quotas();
  const prefixes = new Prefixes();
  const cache = new PromptCache();
  context.store.onChange(() => quotas.clear());
  return async (exchange, path) => {
    const { record } = exchange;
    const api = APIS.find(({ paths }) => paths.test(path));
    const grpc = (exchange.request.headers['content-type'] ?? '').startsWith('application/grpc');
    // The last API has every path: what speaks gRPC and is not Vertex AI's is no call of OpenAI's for that.
    if (api === undefined || (grpc && api.answer !== vertexGrpc)) return unknownGrpc(exchange, path);
    record.wire = api.wire;
    record.billed_prompt_tokens = 0;
    record.billed_completion_tokens = 0;
    await api.answer(exchange, path, { context, quotas, prefixes, cache });
  };
}
