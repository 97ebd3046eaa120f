/**
 * What our LiteLLM serves: the same model names as GSAi, so that every script runs against it without further parameters, each by the
 * provider that has it in the plan; and some more for what only a gateway in the middle does. Plain data, written as JSON, which is YAML.
 * Settings and their meaning: LiteLLM's documentation of its proxy's config.yaml.
 */

/** A provider's wire, as in the simulator's `provider.deployments.<wire>/<region>/<model>`. */
export type Wire = 'openai';

/** Of the names that LiteLLM offers, one chat model on each wire, and the ones for special uses. */
export const models = {
  /** One deployment, no fallback: what its provider does is what LiteLLM makes of it. */
  chat: { openai: 'claude_3_haiku' } satisfies Record<Wire, string>,
  embedding: { openai: 'cohere_english_v3' } satisfies Record<Wire, string>,
  /** Answered by us-east-1; when that fails, by us-west-2. */
  fallback: 'claude_3_5_sonnet',
  /** Two deployments under one name, taken in turn; one that keeps failing is left out for a while. */
  balanced: 'llama3211b',
  /** At most {@link limitPerMinute} requests a minute. */
  limited: 'limited',
} as const;

export const limitPerMinute = 2;

interface Deployment {
  model_name: string;
  litellm_params: Record<string, string | number>;
}

/** LiteLLM's configuration in front of the simulated providers at `origin`, as `http://127.0.0.1:8090`. */
export function litellmConfig(origin: string, masterKey: string): object {
  const openai = (name: string, model: string, region: string, more: Record<string, number> = {}): Deployment => ({
    model_name: name,
    litellm_params: { model: `openai/${model}`, api_base: `${origin}/openai/${region}/v1`, api_key: 'made-up', ...more },
  });
  const standby = `${models.fallback}-standby`;
  return {
    model_list: [
      openai(models.chat.openai, 'claude_3_haiku', 'us-east-1'),
      openai(models.embedding.openai, 'cohere_english_v3', 'us-east-1'),
      openai(models.fallback, 'claude_3_5_sonnet', 'us-east-1'),
      openai(standby, 'claude_3_5_sonnet', 'us-west-2'),
      openai(models.balanced, 'llama3211b', 'us-east-1'),
      openai(models.balanced, 'llama3211b', 'us-west-2'),
      openai(models.limited, 'claude_3_haiku', 'us-east-1', { rpm: limitPerMinute }),
    ],
    router_settings: {
      // Without it `rpm` only guides the choice between deployments.
      optional_pre_call_checks: ['enforce_model_rate_limits'],
      fallbacks: [{ [models.fallback]: [standby] }],
      num_retries: 0,
      // A provider that accepts and says nothing: the fallback has its turn after this, seconds.
      stream_timeout: 5,
    },
    litellm_settings: { telemetry: false, request_timeout: 60 },
    general_settings: { master_key: masterKey },
  };
}
