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
};
