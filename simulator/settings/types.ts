import type { FaultName } from '../faults/faults';
import type { Flaws } from '../gateway/flaws';

/** A number, or `[low, high]`: drawn anew for each request, seeded. */
export type Range = number | readonly [number, number];
export type Capability = 'chat' | 'embedding';
/** Which of the GSAi gateway's two back ends a model is on: they differ in stream order and in how they fail. */
export type Kind = 'bedrock' | 'vertex';

export const SCOPES = ['models:inference', 'models:embedding', 'admin', 'users:read', 'users:write'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Quota {
  /** 0: no limit. */
  readonly requests_per_minute: number;
  /** Prompt and output tokens together; 0: no limit. */
  readonly tokens_per_minute: number;
}

export interface ProviderModel {
  readonly capability: Capability;
  /** Request received -> first token (embeddings: -> answer), in ms. */
  readonly ttft_ms: Range;
  readonly ttft_per_1k_prompt_tokens_ms: number;
  readonly tokens_per_second: number;
  /** Tokens in each chunk after the first, which always carries one. */
  readonly tokens_per_chunk: number;
  /** Share of the gap between chunks, 0..1, by which a deadline is moved to and fro; it does not add up. */
  readonly jitter: number;
  /** A draw from a range is rounded to whole chunks; a number is taken as it is. */
  readonly output_tokens: Range;
  /** Prompt tokens; one more is 400 context_length_exceeded. */
  readonly context_limit: number;
  /** Of the requests with more than the share `from` of context_limit, this share fails with 503. */
  readonly near_limit: { readonly from: number; readonly failure_share: number };
  /** A prompt whose beginning (some 1,000 tokens) came before begins after this time instead; 0: nothing is kept. */
  readonly cached_prefix_ttft_ms: number;
  /**
   * Each deployment keeps the beginnings of prompts of so many tokens and more (0: of none), for so long. What it knows
   * takes no time of `ttft_per_1k_prompt_tokens_ms`.
   */
  readonly prompt_cache: { readonly least_tokens: number; readonly ttl_s: number };
  /** This share of the answers stands still once, in the middle, for so long. */
  readonly stall: { readonly share: number; readonly ms: number };
  /** Every piece of a stream tells the usage so far, where its API has a place for it (OpenAI, Vertex AI). */
  readonly usage_in_each_chunk: boolean;
  /** Length of an embedding when the request does not say. */
  readonly dimensions: number;
  readonly quota: Quota;
  /** Share of the requests, 0..1, that get `failure`. */
  readonly failure_share: number;
  readonly failure: FaultName;
}

/** What one deployment of a model (a wire, a region) has otherwise than the model itself. */
export type DeploymentSettings = Partial<Omit<ProviderModel, 'capability' | 'quota'>> & {
  readonly quota?: Partial<Quota>;
};

/** One place where a model of the gateway can be had. */
export interface Deployment {
  readonly provider_model: string;
  readonly region: string;
  /** Share of the calls among the deployments that are well; 0: only when none with a weight is. */
  readonly weight: number;
}

/** What the gateway does when a deployment fails. GSAi has none of it. */
export interface Failover {
  /** Off: one deployment is tried, and its failure is the client's. On: the next one after no answer, 429 and 5xx. */
  readonly on: boolean;
  /** A stream without headers for so long counts as failed. */
  readonly first_byte_ms: number;
  /** A stream silent for so long in the middle counts as failed. */
  readonly idle_ms: number;
  /** A plain call without an answer for so long counts as failed. */
  readonly plain_ms: number;
  /**
   * Opens after so many failures in a row (0: never; each call then finds out anew), and lets one probe through every
   * probe_ms.
   */
  readonly breaker: { readonly failures: number; readonly probe_ms: number };
  /**
   * A stream that breaks is started again on the next deployment: the client gets the beginning twice. Off: it is
   * truncated.
   */
  readonly resume: boolean;
  /** Off: a deployment that has failed is never asked again. */
  readonly fails_back: boolean;
  /** All calls that wait leave a broken deployment at the same moment, and all probe it at once. */
  readonly herd: boolean;
  /** Between the failure of one deployment and the call of the next. */
  readonly decision_ms: number;
  /** The next deployment gets the last message alone, and the half of it. */
  readonly loses_context: boolean;
}

export interface GatewayModel {
  readonly name: string;
  readonly capability: Capability;
  readonly kind: Kind;
  /** The id under which the gateway asks the provider. */
  readonly provider_model: string;
  /** In order of preference; none: `provider_model` alone. */
  readonly deployments: readonly Deployment[];
  /** The provider's own id, which a Bedrock embeddings answer shows in place of the requested one. */
  readonly native_id: string;
}

export interface GatewayKey {
  readonly scopes: readonly Scope[];
  readonly state: 'active' | 'inactive' | 'expired';
}

export interface Config {
  readonly seed: number;
  /** Requests that /truth remembers, each port for itself. */
  readonly truth_limit: number;
  readonly provider: {
    readonly models: Readonly<Record<string, ProviderModel>>;
    /** By `<wire>/<region>/<model>`, with `*` for any characters. */
    readonly deployments: Readonly<Record<string, DeploymentSettings>>;
  };
  readonly gateway: {
    readonly models: Readonly<Record<string, GatewayModel>>;
    readonly keys: Readonly<Record<string, GatewayKey>>;
    readonly failover: Failover;
    readonly flaws: Flaws;
  };
}
