import { nowNs } from '../time/clock';
import type { Quota } from '../settings/types';

const MINUTE_NS = 60e9;

interface Window {
  readonly opened: number;
  requests: number;
  tokens: number;
}

/** Counts requests and tokens a minute for each deployment of a model, in windows that open with the first request. */
export class Quotas {
  readonly #windows = new Map<string, Window>();

  /** Books a request; or books nothing and gives the seconds until the quota opens again (at least 1). */
  take(deployment: string, quota: Quota, tokens: number): number | null {
    if (quota.requests_per_minute === 0 && quota.tokens_per_minute === 0) return null;
    const now = nowNs();
    let window = this.#windows.get(deployment);
    if (window === undefined || now - window.opened >= MINUTE_NS) {
      window = { opened: now, requests: 0, tokens: 0 };
      this.#windows.set(deployment, window);
    }
    const full =
      (quota.requests_per_minute > 0 && window.requests + 1 > quota.requests_per_minute) ||
      (quota.tokens_per_minute > 0 && window.tokens + tokens > quota.tokens_per_minute);
    if (full) return Math.max(1, Math.ceil((MINUTE_NS - (now - window.opened)) / 1e9));
    window.requests += 1;
    window.tokens += tokens;
    return null;
  }

  /** Forgets all windows, as after a change of the settings. */
  clear(): void {
    this.#windows.clear();
  }
}
