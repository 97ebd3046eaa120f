import { random } from '../statistics';

/** Keeps the draw of the sampling apart from those of the workload. */
const drawSeed = 0x7ace;

/**
 * The header `traceparent` (W3C Trace Context, level 1) of the request of arrival `turn`: a trace of its own, sampled
 * with chance `share`. The draw is seeded; the ids are not, for two runs with one seed must not write into the same
 * traces.
 */
export function traceparent(share: number, seed: number, turn: number): string {
  const sampled = random(seed ^ drawSeed, turn).next() < share;
  return `00-${hex()}-${hex().slice(16)}-${sampled ? '01' : '00'}`;
}

/** 32 random hexadecimal digits, of which six bits are fixed. */
function hex(): string {
  return crypto.randomUUID().replace(/-/g, '');
}
