import type { Check } from '../../settings/check';

/** One flaw: what it is set to where nobody switches it on, and what it may be set to. */
export interface Flaw<T> {
  readonly off: T;
  readonly check: Check<T>;
}

/** The flaws of one family, by the names under which `gateway.flaws` has them. */
export type Family<T> = { readonly [K in keyof T]: Flaw<T[K]> };

/** The longest time that a setting may have. */
export const MAX_MS = 3_600_000;
