import type { Joined } from '../../truth';

/** Which round a request was in: each has every case once, so there are as many requests in a round as cases. */
export function roundsOf(all: readonly Joined[], caseOf: (each: Joined) => string): (each: Joined) => number {
  const cases = new Set(all.map(caseOf)).size;
  return ({ note }) => Math.floor(note.index / Math.max(1, cases));
}
