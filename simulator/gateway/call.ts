import type { Fault } from '../faults/faults';
import type { Context } from '../http/api';
import type { Exchange } from '../http/exchange';
import { isFields, type Fields } from '../settings/merge';
import type { GatewayModel } from '../settings/types';
import type { Upstream } from './connections';
import type { Breakers } from './failover';
import type { Crosstalk, Line } from './flaws/delivery';
import type { Edge } from './flaws/edge';
import type { Kept } from './flaws/kept';
import type { Balancer } from './flaws/instances';
import type { Loops } from './flaws/loop';
import type { Lookups, ModelLists } from './flaws/lookups';
import type { Broken, Database, Pool } from './flaws/pool';

/** What the chat and embeddings handlers share. */
export interface Gateway {
  readonly context: Context;
  readonly upstream: Upstream;
  readonly breakers: Breakers;
  readonly pool: Pool;
  readonly broken: Broken;
  readonly database: Database;
  readonly edge: Edge;
  readonly loops: Loops;
  readonly lookups: Lookups;
  readonly lists: ModelLists;
  readonly kept: Kept;
  readonly line: Line;
  readonly crosstalk: Crosstalk;
  readonly balancer: Balancer;
}

/** One chat call that has passed all checks. */
export interface ChatCall {
  readonly exchange: Exchange;
  readonly model: GatewayModel;
  /** What the provider is asked, but for the deployment's model. */
  readonly body: Fields;
  /** A fault of the gateway's own. */
  readonly fault: Fault | null;
  /** Added to each chunk, ms. */
  readonly overheadChunkMs: number;
}

export interface Usage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details?: { readonly cached_tokens: number };
}

/** The usage of an answer or event, after the flaws; undefined when there is none (to show). */
export function usageOf(answer: Fields, { context }: Gateway): Usage | undefined {
  const flaws = context.store.current.gateway.flaws;
  const { usage } = answer;
  if (!isFields(usage) || flaws.no_usage) return undefined;
  const times = flaws.usage_double ? 2 : 1;
  const prompt = Number(usage.prompt_tokens ?? 0) * times;
  const completion = Number(usage.completion_tokens ?? 0) * times;
  const details = usage.prompt_tokens_details;
  const told = isFields(details) && typeof details.cached_tokens === 'number' && !flaws.cached_tokens_untold;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    ...(told ? { prompt_tokens_details: { cached_tokens: Number(details.cached_tokens) * times } } : {}),
  };
}
