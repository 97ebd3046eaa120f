/**
 * What the sentences of findings and reasons may claim of a gateway, by the words in which they do. A claim that does
 * not hold of a flaw must not be made while that flaw alone is switched on.
 */
export const claims = {
  eventLoop: /event loop/,
  plainPool: /as long as a plain call lasts/,
  keyCheck: /check of (its|their) key/,
  sharedPool: /calls wait for something that both share|the two share something/,
  coalescing: /^coalescing|are collected by number or by a timer/m,
  buffering: /^buffering|something between collects the whole answer/m,
  fallsBehind: /falls behind/,
  standsStill: /stands? still/,
  emptyAnswers: /\d of \d+ requests that the provider failed came back with status 200|\d empty \(status 200/,
  retries: /the gateway retries inside/,
  retriesMultiply: /retries multiply the load/,
  earlyRole: /sent by the gateway itself before the provider has answered/,
  memoryGrows: /resident memory grew/,
  usage: /no usage in [1-9]|times what the provider counted/,
  tokensAdded: /the gateway adds \d+ tokens to a prompt/,
  maxTokens: /max_tokens=\d+ is not enforced/,
  hangUp: /goes on when the client hangs up/,
  noFailover: /there is no failover/,
  notDetected: /not detected/,
  neverBack: /never failed back/,
  herd: /^thundering herd/m,
  outputTwice: /[1-9]\d* answers? held output twice/,
  throttled: /were throttled|throttled \(429\)/,
  notRecovered: /not recovered/,
  cacheDestroyed: /the gateway destroys the provider's cache/,
  sessionMoved: /sends a conversation from one .* to another/,
  cachedInFull: /cached tokens are billed in full/,
  /** Of figures, and not of causes: they follow from several flaws, and are claimed by objectives. */
  slower: /(?!)/,
  waits: /(?!)/,
  roleBeforeContent: /(?!)/,
  providerSlower: /(?!)/,
} as const satisfies Record<string, RegExp>;

export type Claim = keyof typeof claims;
