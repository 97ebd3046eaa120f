import type { Failures, FailureSample } from 'k6/x/sse';

/** What a target said of one of its failures. */
export const sample = (given: Partial<FailureSample> = {}): FailureSample => ({
  outcome: 'http_429',
  status: 429,
  text: 'Rate limit reached for req 17',
  form: '429 rate limit reached for req #',
  count: 5243,
  first: 1200,
  last: 61_000,
  ids: [{ header: 'x-request-id', value: 'req-1' }],
  groups: [{ tags: { kind: 'chat', model: 'claude' }, count: 5243 }],
  ...given,
});

/** What a target said of all of them. */
export const said = (given: Partial<Failures> = {}): Failures => ({
  samples: [sample()],
  unlisted: 0,
  limits: [],
  ...given,
});
