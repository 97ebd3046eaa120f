import { number } from '../../settings/check';
import type { Family } from './family';

/** What the gateway keeps of a call. */
export interface MemoryFlaws {
  readonly leak_mb_per_call: number;
  /** The same for each stream whose client hangs up. */
  readonly leak_mb_per_hangup: number;
  /** The same for each call to a provider that fails: what a library of the provider's holds of it is not given back. */
  readonly leak_mb_per_failure: number;
}

export const memory: Family<MemoryFlaws> = {
  leak_mb_per_call: { off: 0, check: number(0, 1024) },
  leak_mb_per_hangup: { off: 0, check: number(0, 1024) },
  leak_mb_per_failure: { off: 0, check: number(0, 1024) },
};

let leaked: Buffer[] = [];

/** Keeps `mb` of memory, and touches it, so that it shows in the process's resident size. */
export function leak(mb: number): void {
  leaked.push(Buffer.alloc(Math.round(mb * 1024 * 1024), 1));
}

/** Gives back what has leaked, when the flaw is switched off. */
export function stopLeak(): void {
  leaked = [];
}
