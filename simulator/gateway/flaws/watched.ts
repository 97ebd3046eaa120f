import { flag, number, shape } from '../../settings/check';
import { MAX_MS, type Family } from './family';

/** What those who watch the gateway are told, and what that costs. */
export interface WatchedFlaws {
  /**
   * Of the gateway's own metrics page: this share of the requests is not counted; a duration ends when the headers of the
   * answer are sent; the figures are made anew every so often (0: at each reading); a reading blocks the event loop; only
   * such shares of the process's CPU time and of its memory are told.
   */
  readonly metrics_wrong: {
    readonly drop_share: number;
    readonly duration_at_headers: boolean;
    readonly refresh_s: number;
    readonly block_ms: number;
    readonly cpu_share: number;
    readonly memory_share: number;
  };
  /** Of the traces: this share lacks the gateway's span; or no trace has a span of the provider's call. */
  readonly spans_missing: { readonly share: number; readonly provider: boolean };
}

export const watched: Family<WatchedFlaws> = {
  metrics_wrong: {
    off: { drop_share: 0, duration_at_headers: false, refresh_s: 0, block_ms: 0, cpu_share: 1, memory_share: 1 },
    check: shape({
      drop_share: number(0, 1),
      duration_at_headers: flag,
      refresh_s: number(0, 3600),
      block_ms: number(0, MAX_MS),
      cpu_share: number(0, 1),
      memory_share: number(0, 1),
    }),
  },
  spans_missing: { off: { share: 0, provider: false }, check: shape({ share: number(0, 1), provider: flag }) },
};
