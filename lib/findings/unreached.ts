import type { RequestNote } from '../truth';

/**
 * What follows where none of these requests has reached the simulated provider, so that it cannot be made to do anything. If
 * one was answered well, somebody else has answered it, and the run cannot show what it is for: this throws. Where all have
 * failed the load goes on, because that is the target's failure, and is told as it.
 */
export function noneReached(requests: readonly RequestNote[], what: string, providerUrl: string, then: string): void {
  const text = `${what} reached the simulated provider ${providerUrl}, so there is nothing to ${then}`;
  if (requests.some(({ outcome }) => outcome === 'ok')) throw new Error(text);
  console.warn(`${text}; none of these requests was answered`);
}
