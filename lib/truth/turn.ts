/** What is kept of one turn of a conversation, beside the request's note. Tokens by the usage; -1: it does not say. */
export interface TurnNote {
  /** The request's. */
  id: string;
  session: string;
  /** From 1. */
  turn: number;
  /** Its beginning is its own: no cache knows it. */
  cold: boolean;
  ok: boolean;
  promptTokens: number;
  cachedTokens: number;
  ttft: number;
  /** What the header INSTANCE_HEADER of its answer said; "" without one. */
  instance: string;
  /** By its header a cache of the target's gave the answer; undefined without CACHE_HEADER. */
  cached?: boolean;
  /** US dollars; undefined without a price or a usage. */
  cost?: number;
}
