import { claims, type Claim } from './claims';

/*
 * The flaws that the sweep switches on, each alone, and what is expected of the scripts then.
 */

/** A script that is for a flaw: what it says of it. It must not pass, unless it `may`. */
export interface Expected {
  says: RegExp;
  mayPass?: true;
}

export interface Case {
  /** What the table calls it: the flaw's name where `gateway.flaws` has one of that name. */
  name: string;
  /** Settings of the simulator, laid over those of the script (scripts.ts). */
  settings: { gateway?: object; provider?: object };
  /** The scripts that are for it. */
  finds: Readonly<Record<string, Expected>>;
  /** Further scripts that must not pass: their objectives are about what the flaw breaks. */
  alsoFails?: readonly string[];
  /** What may be claimed of the gateway then. Every other claim is false. */
  true: readonly Claim[];
}

const flaw = (name: string, value: unknown) => ({ gateway: { flaws: { [name]: value } } });
const failing = { models: { claude_3_haiku: { failure_share: 0.15, failure: '503' } } };

/** Names of `claims` that hold of a flaw, one or several. */
const all = <C extends Claim>(...names: C[]): readonly C[] => names;

/** Something on the event loop takes its time: all that is under way waits for it. */
const busyLoop = all('eventLoop', 'standsStill', 'sharedPool', 'slower', 'notRecovered', 'fallsBehind');

export const inOrder: Case = { name: 'none', settings: {}, finds: {}, true: [] };

export const cases: readonly Case[] = [
  {
    name: 'event_loop_block_ms',
    settings: flaw('event_loop_block_ms', { bedrock: 20, vertex: 0 }),
    finds: {
      bulkhead: { says: claims.eventLoop },
      overhead: { says: claims.standsStill, mayPass: true },
    },
    true: all('eventLoop', 'standsStill', 'sharedPool', 'slower', 'waits'),
  },
  {
    name: 'db_pool',
    settings: flaw('db_pool', { size: 8, hold: 'call' }),
    finds: { bulkhead: { says: claims.plainPool } },
    alsoFails: ['baseline', 'mixed', 'peak'],
    true: all('plainPool', 'slower', 'waits'),
  },
  {
    name: 'db_pool, as GSAi holds it',
    settings: flaw('db_pool', { size: 8, hold: 'plain' }),
    finds: { bulkhead: { says: claims.plainPool } },
    alsoFails: ['baseline', 'mixed', 'peak'],
    true: all('plainPool', 'keyCheck', 'slower', 'waits'),
  },
  {
    name: 'upstream_connections',
    settings: flaw('upstream_connections', 12),
    finds: { bulkhead: { says: claims.sharedPool } },
    true: all('sharedPool', 'slower', 'waits'),
  },
  {
    name: 'empty_200_on_failure',
    settings: {
      gateway: { flaws: { empty_200_on_failure: true }, failover: { on: false } },
      provider: failing,
    },
    finds: { cost: { says: claims.emptyAnswers }, failover: { says: claims.noFailover } },
    alsoFails: ['smoke', 'baseline', 'mixed', 'ttft'],
    true: all('emptyAnswers', 'noFailover', 'notDetected'),
  },
  {
    name: 'internal_retries',
    settings: flaw('internal_retries', { attempts: 5, delay_ms: 20 }),
    finds: { cost: { says: claims.retries } },
    true: all('retries', 'retriesMultiply'),
  },
  {
    name: 'role_early',
    settings: flaw('role_early', true),
    finds: { providers: { says: claims.earlyRole, mayPass: true } },
    true: all('earlyRole'),
  },
  {
    name: 'buffering',
    settings: flaw('buffering', { to_end: true }),
    finds: { overhead: { says: claims.buffering } },
    true: all('buffering', 'slower', 'roleBeforeContent'),
  },
  {
    name: 'coalesce',
    settings: flaw('coalesce', 4),
    finds: { overhead: { says: claims.coalescing } },
    true: all('coalescing', 'slower', 'roleBeforeContent'),
  },
  {
    name: 'overhead_ms',
    settings: flaw('overhead_ms', 120),
    finds: { overhead: { says: /the gateway adds 1[12]\d(\.\d)? ms to the time to first token/ } },
    true: all('slower'),
  },
  {
    name: 'overhead_chunk_ms',
    settings: flaw('overhead_chunk_ms', 40),
    finds: { overhead: { says: /takes? [34]\d(\.\d)?|falls behind/ } },
    true: all('slower', 'fallsBehind'),
  },
  {
    name: 'leak_mb_per_call',
    settings: flaw('leak_mb_per_call', 0.7),
    finds: { endurance: { says: claims.memoryGrows } },
    true: all('memoryGrows'),
  },
  {
    name: 'no_usage',
    settings: flaw('no_usage', true),
    finds: { cost: { says: /no usage in/ } },
    true: all('usage'),
  },
  {
    name: 'usage_double',
    settings: flaw('usage_double', true),
    finds: { cost: { says: claims.usage } },
    true: all('usage'),
  },
  {
    name: 'system_prompt_tokens_added',
    settings: flaw('system_prompt_tokens_added', 120),
    finds: { cost: { says: claims.tokensAdded } },
    true: all('tokensAdded'),
  },
  {
    name: 'max_tokens_ignored',
    settings: flaw('max_tokens_ignored', true),
    finds: { cost: { says: claims.maxTokens } },
    true: all('maxTokens'),
  },
  {
    name: 'keep_provider_call_after_hangup',
    settings: flaw('keep_provider_call_after_hangup', true),
    finds: { cost: { says: claims.hangUp } },
    true: all('hangUp'),
  },
  {
    name: 'no failover',
    settings: { gateway: { failover: { on: false } } },
    finds: { failover: { says: claims.noFailover } },
    true: all('noFailover', 'notDetected'),
  },
  {
    name: 'no breaker',
    settings: { gateway: { failover: { breaker: { failures: 0, probe_ms: 0 } } } },
    finds: { failover: { says: claims.notDetected } },
    true: all('notDetected'),
  },
  {
    name: 'never fails back',
    settings: { gateway: { failover: { fails_back: false } } },
    finds: { failover: { says: claims.neverBack } },
    true: all('neverBack'),
  },
  {
    name: 'herd',
    settings: { gateway: { failover: { first_byte_ms: 1000, herd: true } } },
    finds: { failover: { says: claims.herd } },
    true: all('herd', 'notDetected'),
  },
  {
    name: 'resume',
    settings: { gateway: { failover: { resume: true } } },
    finds: { failover: { says: claims.outputTwice } },
    true: all('outputTwice'),
  },
  {
    name: 'a provider that fails',
    settings: { provider: failing },
    finds: { smoke: { says: /success/ } },
    alsoFails: ['baseline', 'mixed', 'peak', 'ttft'],
    true: all('noFailover'),
  },
  {
    name: 'a slow provider',
    settings: { provider: { models: { claude_3_haiku: { ttft_ms: 900 } } } },
    finds: { ttft: { says: /TTFT p95/ } },
    true: all('slower', 'providerSlower'),
  },
  {
    name: 'a quota',
    settings: { provider: { models: { claude_3_haiku: { quota: { requests_per_minute: 300 } } } } },
    finds: {
      providers: { says: claims.throttled, mayPass: true },
      spike: { says: /not recovered|errors in the spike/ },
    },
    true: all('throttled', 'notRecovered', 'noFailover'),
  },
  {
    name: 'cpu_ms_per_request',
    settings: flaw('cpu_ms_per_request', 10),
    finds: { overhead: { says: claims.standsStill, mayPass: true } },
    true: busyLoop,
  },
  {
    name: 'block_ms',
    settings: flaw('block_ms', { models: 60, embedding: 60, refused: 60 }),
    finds: {},
    alsoFails: ['mixed'],
    true: busyLoop,
  },
  {
    name: 'pauses',
    settings: flaw('pauses', { every_ms: 500, ms: 120 }),
    finds: {},
    alsoFails: ['ttft'],
    true: busyLoop,
  },
  { name: 'log', settings: flaw('log', { block_ms: 10, ms_per_kb: 0 }), finds: {}, true: busyLoop },
  { name: 'error_ms', settings: flaw('error_ms', 20), finds: {}, true: busyLoop },
  { name: 'chunk', settings: flaw('chunk', { cpu_us: 200, growth_us: 0, garbage_kb: 0 }), finds: {}, true: busyLoop },
  { name: 'answer_block', settings: flaw('answer_block', { ms_per_kb: 20, power: 1 }), finds: {}, true: busyLoop },
  {
    name: 'body_block',
    settings: flaw('body_block', { ms_per_kb: 0.05, power: 2 }),
    finds: { 'context-window': { says: /the gateway's own time grows as the prompt to the power/ } },
    true: busyLoop,
  },
  {
    name: 'over_limit',
    settings: flaw('over_limit', 'empty'),
    finds: { 'context-window': { says: /status 200 and nothing/ } },
    true: [],
  },
  {
    name: 'limit_concurrency',
    settings: flaw('limit_concurrency', { size: 6 }),
    finds: {},
    alsoFails: ['baseline', 'mixed', 'peak'],
    true: all('sharedPool', 'notRecovered', 'plainPool'),
  },
  {
    name: 'rate_limit',
    settings: flaw('rate_limit', { per_second: 30 }),
    finds: { spike: { says: /of the requests of phase spike failed/ } },
    alsoFails: ['smoke', 'baseline', 'mixed', 'peak', 'ttft'],
    true: all('throttled', 'notRecovered', 'noFailover'),
  },
  {
    name: 'key_lock_ms',
    settings: flaw('key_lock_ms', 25),
    finds: {},
    alsoFails: ['baseline', 'mixed', 'peak'],
    true: all('sharedPool', 'slower', 'notRecovered'),
  },
  {
    name: 'capacity',
    settings: flaw('capacity', { in_flight: 4 }),
    finds: {},
    alsoFails: ['baseline', 'mixed', 'peak'],
    true: all('sharedPool', 'slower', 'notRecovered'),
  },
  { name: 'auth', settings: flaw('auth', { lookup_ms: 60 }), finds: {}, true: all('slower') },
  { name: 'cache', settings: flaw('cache', { model_miss_ms: 300, key_miss_ms: 300 }), finds: {}, true: all('slower') },
  {
    name: 'embedding_split',
    settings: flaw('embedding_split', { on: true }),
    finds: { cost: { says: /a batch of 16 texts makes 16\.0 calls to the provider/ } },
    true: [],
  },
  { name: 'vector', settings: flaw('vector', 'wrong_length'), finds: {}, true: [] },
  {
    name: 'usage_added_up',
    settings: {
      gateway: { flaws: { usage_added_up: true } },
      provider: { models: { claude_3_haiku: { usage_in_each_chunk: true } } },
    },
    finds: {},
    true: all('usage'),
  },
  {
    name: 'prompt_stamp',
    settings: flaw('prompt_stamp', 'request_id'),
    finds: { sessions: { says: claims.cacheDestroyed }, cost: { says: claims.tokensAdded } },
    true: all('cacheDestroyed', 'tokensAdded'),
  },
  {
    name: 'session_ignored',
    settings: {
      gateway: {
        flaws: { session_ignored: true },
        models: {
          claude_3_haiku: {
            deployments: [
              { provider_model: 'claude_3_haiku', region: 'us-east-1' },
              { provider_model: 'claude_3_haiku', region: 'us-west-2' },
            ],
          },
        },
      },
    },
    finds: { sessions: { says: claims.sessionMoved } },
    true: all('sessionMoved'),
  },
  {
    name: 'cached_tokens_untold',
    settings: flaw('cached_tokens_untold', true),
    finds: { sessions: { says: claims.cachedInFull } },
    true: all('cachedInFull'),
  },
];
