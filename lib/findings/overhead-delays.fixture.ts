/**
 * The delays of overhead.fixture.ts, ms, as its directives have them. Which of them a request has follows from its
 * index and the seed.
 */
export const knownDelays = [
  'overhead=0',
  'overhead=5',
  'overhead=50',
  'overhead_chunk=0',
  'overhead_chunk=1',
  'overhead_chunk=5',
] as const;
