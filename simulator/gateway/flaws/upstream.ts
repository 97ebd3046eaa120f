import { flag, integer, number, shape } from '../../settings/check';
import { MAX_MS, type Family } from './family';

/** How the provider is called. */
export interface UpstreamFlaws {
  /**
   * On: a failed provider call of a stream is 200 with no content (as GSAi does). Off: the status of the plain table.
   */
  readonly empty_200_on_failure: boolean;
  /** Connections to all providers together (0: no limit), each held for the whole call, streams too. */
  readonly upstream_connections: number;
  /** Attempts at 429 and 5xx, with this pause between them. 1: no retry. */
  readonly internal_retries: { readonly attempts: number; readonly delay_ms: number };
  /** The provider goes on (and bills) after the client has left. */
  readonly keep_provider_call_after_hangup: boolean;
  /** The deployment of a call is drawn anew although its header x-session-id names a session that has one. */
  readonly session_ignored: boolean;
  /** Each call waits so long for a connection of its own to the provider: looking up its name, TCP, TLS. */
  readonly upstream_connect_ms: number;
  /** Added before a call, by the kind of its back end: one adapter that is slow. */
  readonly overhead_by_kind: { readonly bedrock: number; readonly vertex: number };
  /**
   * A call without headers for so long is ended, and the client gets 504, as does one whose stream is silent for so long
   * before its first token; later the stream is cut. 0: never. With failover, that one's times hold.
   */
  readonly upstream_timeout_ms: number;
  /** With a breaker that is on, each look at its state takes so long: it is kept outside the process, or behind a lock. */
  readonly breaker_ms: number;
}

export const upstream: Family<UpstreamFlaws> = {
  empty_200_on_failure: { off: true, check: flag },
  upstream_connections: { off: 0, check: integer(0, 1e6) },
  internal_retries: {
    off: { attempts: 1, delay_ms: 1000 },
    check: shape({ attempts: integer(1, 100), delay_ms: number(0, MAX_MS) }),
  },
  keep_provider_call_after_hangup: { off: false, check: flag },
  session_ignored: { off: false, check: flag },
  upstream_connect_ms: { off: 0, check: number(0, MAX_MS) },
  overhead_by_kind: {
    off: { bedrock: 0, vertex: 0 },
    check: shape({ bedrock: number(0, MAX_MS), vertex: number(0, MAX_MS) }),
  },
  upstream_timeout_ms: { off: 0, check: number(0, MAX_MS) },
  breaker_ms: { off: 0, check: number(0, MAX_MS) },
};
