import { noFlaws } from '../gateway/flaws';

/**
 * What the simulator does when nobody tells it otherwise: the models of the GSAi gateway, with figures inside those of
 * plan 7.4 (first token under 500 ms; Claude 80-120, Gemini 100-150, Llama 50-80 tokens/s; 20-50 ms between chunks; an
 * embedding under 100 ms). Plain data; config.ts gives it its types when it checks it.
 */
const CHAT = {
  capability: 'chat',
  ttft_ms: [200, 350],
  ttft_per_1k_prompt_tokens_ms: 0,
  tokens_per_second: 100,
  tokens_per_chunk: 3,
  jitter: 0.1,
  output_tokens: [40, 80],
  context_limit: 200_000,
  near_limit: { from: 0.9, failure_share: 0 },
  cached_prefix_ttft_ms: 0,
  prompt_cache: { least_tokens: 1024, ttl_s: 300 },
  stall: { share: 0, ms: 500 },
  usage_in_each_chunk: false,
  dimensions: 1536,
  quota: { requests_per_minute: 0, tokens_per_minute: 0 },
  failure_share: 0,
  failure: '503',
};

const SONNET_3_5 = { ...CHAT, ttft_ms: [250, 330], tokens_per_second: 95 };
const SONNET_3_7 = { ...CHAT, ttft_ms: [260, 350], tokens_per_second: 90 };
const HAIKU = { ...CHAT, ttft_ms: [200, 260], tokens_per_second: 115 };
const LLAMA = { ...CHAT, ttft_ms: [200, 280], tokens_per_second: 65, tokens_per_chunk: 2, context_limit: 128_000 };

const EMBEDDING = { ...CHAT, capability: 'embedding', ttft_ms: [20, 60], context_limit: 8192 };
// Lengths of vectors as the models' own: Cohere's v3 1024, text-embedding-005 768, gemini-embedding-001 3072.
const COHERE = { ...EMBEDDING, dimensions: 1024 };

export const API_KEY = 'gsai-sim-key';

const ALL_SCOPES = ['models:inference', 'models:embedding', 'admin', 'users:read', 'users:write'];

/** The fields that a new entry of `provider.models`, `gateway.models` or `gateway.keys` may leave out. */
export function newProviderModel(): Record<string, unknown> {
  return CHAT;
}

/** What a model that is added to the gateway has where nothing else is said. */
export function newGatewayModel(id: string): Record<string, unknown> {
  return { name: id, capability: 'chat', kind: 'bedrock', provider_model: id, deployments: [], native_id: id };
}

/** What a deployment that is added to a model has where nothing else is said. */
export function newDeployment(): Record<string, unknown> {
  return { region: '-', weight: 1 };
}

/** What a key that is added has where nothing else is said: it is active and may do everything. */
export function newKey(): Record<string, unknown> {
  return { scopes: ALL_SCOPES, state: 'active' };
}

export const DEFAULTS: unknown = {
  seed: 1,
  truth_limit: 20_000,
  provider: {
    models: {
      claude_3_5_sonnet: SONNET_3_5,
      claude_3_7_sonnet: SONNET_3_7,
      claude_3_haiku: HAIKU,
      llama3211b: LLAMA,
      cohere_english_v3: COHERE,
      // The same by the ids of their own providers.
      'anthropic.claude-3-5-sonnet-20240620-v1:0': SONNET_3_5,
      'anthropic.claude-3-7-sonnet-20250219-v1:0': SONNET_3_7,
      'anthropic.claude-3-haiku-20240307-v1:0': HAIKU,
      'meta.llama3-2-11b-instruct-v1:0': LLAMA,
      'cohere.embed-english-v3': { ...COHERE, context_limit: 512 },
      'gemini-2.0-flash': {
        ...CHAT,
        ttft_ms: [200, 270],
        tokens_per_second: 135,
        tokens_per_chunk: 4,
        context_limit: 1_048_576,
      },
      'gemini-2.0-flash-lite': {
        ...CHAT,
        ttft_ms: [200, 250],
        tokens_per_second: 145,
        tokens_per_chunk: 4,
        context_limit: 1_048_576,
      },
      'gemini-2.5-pro-preview-05-06': {
        ...CHAT,
        ttft_ms: [280, 350],
        tokens_per_second: 110,
        tokens_per_chunk: 4,
        context_limit: 1_048_576,
      },
      'text-embedding-005': { ...EMBEDDING, dimensions: 768 },
      'gemini-embedding-001': { ...EMBEDDING, dimensions: 3072 },
    },
    deployments: {},
  },
  gateway: {
    models: {
      claude_3_5_sonnet: { name: 'Claude 3.5 Sonnet', native_id: 'anthropic.claude-3-5-sonnet-20240620-v1:0' },
      claude_3_7_sonnet: { name: 'Claude 3.7 Sonnet', native_id: 'anthropic.claude-3-7-sonnet-20250219-v1:0' },
      claude_3_haiku: { name: 'Claude 3 Haiku', native_id: 'anthropic.claude-3-haiku-20240307-v1:0' },
      llama3211b: { name: 'Llama 3.2 11B', native_id: 'meta.llama3-2-11b-instruct-v1:0' },
      cohere_english_v3: { name: 'Cohere English v3', capability: 'embedding', native_id: 'cohere.embed-english-v3' },
      'gemini-2.0-flash': { name: 'Gemini 2.0 Flash', kind: 'vertex' },
      'gemini-2.0-flash-lite': { name: 'Gemini 2.0 Flash Lite', kind: 'vertex' },
      'gemini-2.5-pro-preview-05-06': { name: 'Gemini 2.5 Pro', kind: 'vertex' },
      'text-embedding-005': { name: 'Text Embedding 005', kind: 'vertex', capability: 'embedding' },
    },
    keys: {
      [API_KEY]: { scopes: ALL_SCOPES, state: 'active' },
      // Other agencies', for loads that compare them.
      ...Object.fromEntries(
        Array.from({ length: 7 }, (_, i) => [`${API_KEY}-${i + 2}`, { scopes: ALL_SCOPES, state: 'active' }]),
      ),
      'gsai-sim-expired': { scopes: ALL_SCOPES, state: 'expired' },
      'gsai-sim-inactive': { scopes: ALL_SCOPES, state: 'inactive' },
      'gsai-sim-no-scopes': { scopes: [], state: 'active' },
    },
    failover: {
      on: false,
      first_byte_ms: 2000,
      idle_ms: 5000,
      plain_ms: 30_000,
      breaker: { failures: 3, probe_ms: 10_000 },
      resume: false,
      fails_back: true,
      herd: false,
      decision_ms: 0,
      loses_context: false,
    },
    flaws: noFlaws,
  },
};
