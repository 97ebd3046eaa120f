import type { Wire } from '../../../simulator/settings/wire';

/**
 * What our LiteLLM serves: the same model names as GSAi, so that every script runs against it without further
 * parameters, each by the provider that has it in the plan and on that provider's own wire; and some more for what only
 * a gateway in the middle does. Plain data, written as JSON, which is YAML. Settings and their meaning: LiteLLM's
 * documentation of its proxy's config.yaml.
 */

/**
 * Of the names that LiteLLM offers, one chat model and one embedding model on each wire, and the ones for special uses.
 */
export const models = {
  /** One deployment, no fallback: what its provider does is what LiteLLM makes of it. */
  chat: { bedrock: 'claude_3_haiku', vertex: 'gemini-2.0-flash', openai: 'claude_3_haiku-openai' } satisfies Record<
    Wire,
    string
  >,
  embedding: {
    bedrock: 'cohere_english_v3',
    vertex: 'text-embedding-005',
    openai: 'cohere_english_v3-openai',
  } satisfies Record<Wire, string>,
  /** Rerankers, each by another provider's name: LiteLLM asks each in that one's words. */
  rerank: {
    cohere: 'rerank-cohere',
    jina_ai: 'rerank-jina',
    hosted_vllm: 'rerank-vllm',
    infinity: 'rerank-infinity',
  },
  /** Answered by Bedrock in us-east-1; when that fails, by Vertex AI in europe-west4. */
  fallback: 'claude_3_5_sonnet',
  /** Two deployments of Bedrock under one name, taken in turn; one that keeps failing is left out for a while. */
  balanced: 'llama3211b',
  /** At most {@link limitPerMinute} requests a minute. */
  limited: 'limited',
} as const;

export const limitPerMinute = 2;

interface Deployment {
  model_name: string;
  litellm_params: Record<string, string | number>;
}

/**
 * LiteLLM's configuration in front of the simulated providers at `origin`, as `http://127.0.0.1:8090`. `account`: a
 * file with a service account of Google's form, whose `token_uri` is there too. `cache`: answers are kept for requests that
 * ask for it with {"cache": {"use-cache": true}}.
 */
export function litellmConfig(origin: string, masterKey: string, account: string, cache = false): object {
  const bedrock = (name: string, model: string, region = 'us-east-1'): Deployment => ({
    model_name: name,
    litellm_params: {
      model: `bedrock/${model}`,
      aws_bedrock_runtime_endpoint: origin,
      aws_region_name: region,
      aws_access_key_id: 'made-up',
      aws_secret_access_key: 'made-up',
    },
  });
  // An address without a path gets Google's own path after it, with project and region.
  const vertex = (name: string, model: string, region = 'us-central1'): Deployment => ({
    model_name: name,
    litellm_params: {
      model: `vertex_ai/${model}`,
      api_base: origin,
      vertex_project: 'simulator',
      vertex_location: region,
      vertex_credentials: account,
    },
  });
  const openai = (name: string, model: string, more: Record<string, number> = {}): Deployment => ({
    model_name: name,
    litellm_params: {
      model: `openai/${model}`,
      api_base: `${origin}/openai/us-east-1/v1`,
      api_key: 'made-up',
      ...more,
    },
  });
  // Cohere's address is that of the route itself; to the others' LiteLLM adds /rerank.
  const rerank = ([provider, name]: [string, string]): Deployment => ({
    model_name: name,
    litellm_params: {
      model: `${provider}/cohere_english_v3`,
      api_base: `${origin}/v1${provider === 'cohere' ? '/rerank' : ''}`,
      api_key: 'made-up',
    },
  });
  const standby = `${models.fallback}-standby`;
  const llama = 'converse/meta.llama3-2-11b-instruct-v1:0';
  return {
    model_list: [
      bedrock(models.chat.bedrock, 'converse/anthropic.claude-3-haiku-20240307-v1:0'),
      bedrock(models.embedding.bedrock, 'cohere.embed-english-v3'),
      vertex(models.chat.vertex, 'gemini-2.0-flash'),
      vertex(models.embedding.vertex, 'text-embedding-005'),
      openai(models.chat.openai, 'claude_3_haiku'),
      openai(models.embedding.openai, 'cohere_english_v3'),
      bedrock(models.fallback, 'converse/anthropic.claude-3-5-sonnet-20240620-v1:0'),
      vertex(standby, 'gemini-2.0-flash', 'europe-west4'),
      bedrock(models.balanced, llama, 'us-east-1'),
      bedrock(models.balanced, llama, 'us-west-2'),
      openai(models.limited, 'claude_3_haiku', { rpm: limitPerMinute }),
      ...Object.entries(models.rerank).map(rerank),
    ],
    router_settings: {
      // Without it `rpm` only guides the choice between deployments.
      optional_pre_call_checks: ['enforce_model_rate_limits'],
      fallbacks: [{ [models.fallback]: [standby] }],
      num_retries: 0,
      // A provider that accepts and says nothing: the fallback has its turn after this, seconds.
      stream_timeout: 5,
    },
    litellm_settings: {
      ...{ telemetry: false, request_timeout: 60 },
      ...(cache ? { cache: true, cache_params: { type: 'local', mode: 'default_off' } } : {}),
    },
    general_settings: { master_key: masterKey },
  };
}
