import type { Case } from './row';

/** Every test case of the plan's catalogue. */
export const cases: readonly Case[] = [
  {
    id: 'PERF_LLM_TTFT_CHAT_STREAM_001',
    seen: 'client',
    script: 'ttft',
    note: 'test: slower with long prompts',
    proof: [
      {
        file: 'scripts/plan.e2e.test.ts',
        test: 'ttft: a gateway that is slower with long prompts fails on those alone',
      },
    ],
  },
  {
    id: 'PERF_LLM_TTFT_CHAT_STREAM_PROVIDER_COMPARE_002',
    seen: 'client',
    script: 'providers',
    note: 'test: a known difference; 500 ms for each model needs error 3 mended',
    proof: [
      {
        file: 'scripts/providers.e2e.test.ts',
        test: 'a known difference is measured with an interval that holds it; the role chunk of Bedrock is told apart',
      },
    ],
  },
  {
    id: 'PERF_LLM_TTFT_CHAT_STREAM_PROMPT_SIZE_IMPACT_003',
    seen: 'client',
    script: 'ttft, context-window',
    note: 'growth law comes with context-window; figure is for prompts to 2,000 tokens',
    proof: [
      {
        file: 'scripts/plan.e2e.test.ts',
        test: 'ttft: a gateway that is slower with long prompts fails on those alone',
      },
      {
        file: 'scripts/context-window.long.e2e.test.ts',
        test: 'what the gateway does that grows as the square of the prompt is named, with its power',
      },
    ],
  },
  {
    id: 'PERF_LLM_THROUGHPUT_CHAT_STREAM_001',
    seen: 'client',
    script: 'streaming',
    note: 'objective in ttft without a FAIL test; median instead of mean; no max_tokens 500',
    proof: [
      {
        file: 'scripts/streaming.e2e.test.ts',
        test: 'a slow model, stalls of the provider, heaps, and whole answers that are held are found and named',
      },
    ],
  },
  {
    id: 'PERF_LLM_THROUGHPUT_CHAT_NONSTREAM_002',
    seen: 'client',
    script: 'streaming',
    note: 'whole answers that are held are named, and the rate of each model is judged',
    proof: [
      {
        file: 'scripts/streaming.e2e.test.ts',
        test: 'a slow model, stalls of the provider, heaps, and whole answers that are held are found and named',
      },
    ],
  },
  {
    id: 'PERF_LLM_CONTEXT_WINDOW_CHAT_LATENCY_001',
    seen: 'client',
    script: 'context-window',
    note: 'memory part needs M',
    proof: [
      {
        file: 'scripts/context-window.e2e.test.ts',
        test: 'an empty 200 for a prompt over the limit, and failures near it, are found and named; prompts are exact to the token',
      },
    ],
  },
  {
    id: 'PERF_LLM_CONTEXT_WINDOW_EMBED_LATENCY_002',
    seen: 'client',
    script: 'context-window',
    note: 'EMBEDDING_MODEL; same engine',
  },
  {
    id: 'PERF_LLM_STREAM_LATENCY_INTERCHUNK_001',
    seen: 'client',
    script: 'streaming',
    note: 'ttft judges the median gap only',
    proof: [
      {
        file: 'scripts/streaming.e2e.test.ts',
        test: 'a slow model, stalls of the provider, heaps, and whole answers that are held are found and named',
      },
    ],
  },
  {
    id: 'PERF_LLM_EMBEDDING_SINGLE_LATENCY_001',
    seen: 'client',
    script: 'embeddings',
    note: 'objective in mixed and in embeddings',
    proof: [
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'mixed: slow embeddings miss their own limit, and the chats do not hide them',
      },
    ],
  },
  {
    id: 'PERF_LLM_EMBEDDING_BATCH_THROUGHPUT_002',
    seen: 'client',
    script: 'embeddings',
    note: '1, 10, 32, 64, 96, 128, limit',
    proof: [
      {
        file: 'scripts/embeddings.e2e.test.ts',
        test: 'batches that are split, and vectors in the wrong place, are found and named',
      },
    ],
  },
  {
    id: 'PERF_LLM_ADAPTIVE_SCALING_001',
    seen: 'provider',
    script: 'failover',
    note: 'left when it becomes slow or fails, and used again',
    proof: [
      {
        file: 'scripts/failover.long.e2e.test.ts',
        test: 'a primary that becomes slow is left for the other deployment and used again when it is well; without a breaker each request waits for it',
      },
    ],
  },
  {
    id: 'PERF_LLM_COST_PERFORMANCE_OPTIMIZATION_002',
    seen: 'provider',
    script: 'cost, providers',
    note: 'speed of each model and what it costs; the choice of a cheaper model is a function that neither gateway has',
    proof: [
      {
        file: 'scripts/cost.e2e.test.ts',
        test: 'usage that says twice what was used is found, and doubles the price',
      },
      {
        file: 'scripts/providers.long.e2e.test.ts',
        test: 'a model that is slow to begin misses its own limit beside one that is not',
      },
    ],
  },
  {
    id: 'PERF_LLM_MULTIMODAL_PERFORMANCE_003',
    seen: 'client',
    script: 'pipeline',
    note: 'image sizes as a curve; reference gateway must take image parts',
  },
  {
    id: 'PERF_LLM_CONCURRENT_STREAMING_004',
    seen: 'client',
    script: 'streams',
    note: 'memory and leftovers need M',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'answers of another request, calls that go on after a hang-up, and memory that hang-ups keep are counted',
      },
    ],
  },
  {
    id: 'PERF_LLM_CONTEXTUAL_CACHING_005',
    seen: 'provider',
    script: 'caching, sessions',
    note: 'caching: provider needs cached_prefix_ttft_ms; sessions: its cache of prompts',
    proof: [
      {
        file: 'scripts/sessions.e2e.test.ts',
        test: 'a gateway in order: what conversations send again comes from the cache, at one deployment, and is told',
      },
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
    ],
  },
  {
    id: 'PERF_LLM_REGIONAL_PERFORMANCE_006',
    seen: 'provider',
    script: 'providers, failover',
    note: 'regional failover today; a test of regional difference is missing',
    proof: [
      {
        file: 'scripts/providers.long.e2e.test.ts',
        test: 'two regions of one model are compared: which is slower, by how much, and whose the difference is',
      },
    ],
  },
  {
    id: 'PERF_LLM_MODEL_SWITCHING_007',
    seen: 'client',
    script: 'caching',
    note: 'same model against models in turn: < 10 ms',
    proof: [
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
    ],
  },
  {
    id: 'PERF_LLM_QUALITY_PERFORMANCE_TRADEOFF_008',
    seen: 'not',
    script: '-',
    note: 'needs a scorer of answers; speed over max_tokens is in streaming',
  },
  {
    id: 'PERF_LLM_BATCH_OPTIMIZATION_009',
    seen: 'client',
    script: 'embeddings',
    note: 'fixed sizes; dynamic sizing: nobody has it',
    proof: [
      {
        file: 'scripts/embeddings.e2e.test.ts',
        test: 'batches that are split, and vectors in the wrong place, are found and named',
      },
    ],
  },
  {
    id: 'PERF_LLM_PREDICTIVE_SCALING_010',
    seen: 'not',
    script: '-',
    note: 'a forecaster, not the gateway',
  },
  {
    id: 'PERF_LLM_COMPREHENSIVE_PROFILING_011',
    seen: 'client',
    script: 'pipeline, monitoring',
    note: 'stages by difference from outside; spans need M',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
      {
        file: 'scripts/monitoring.long.e2e.test.ts',
        test: 'a page that misses requests, whose durations end at the headers and which is refreshed rarely, traces without the call, and readings that cost are named',
      },
    ],
  },
  {
    id: 'PERF_MIXED_GATEWAY_STD_LOAD_001',
    seen: 'client',
    script: 'mixed, overhead, balance',
    note: 'added latency today (overhead 80 ms found against 50); spread of connections not',
    proof: [
      {
        file: 'scripts/balance.long.e2e.test.ts',
        test: 'a gateway that closes each connection after four answers makes a quarter of the requests pay for a new one',
      },
      {
        file: 'scripts/balance.long.e2e.test.ts',
        test: 'what the balancer adds is the difference to an instance that is asked directly',
      },
    ],
  },
  {
    id: 'PERF_MIXED_FASTAPI_WORKER_EFFICIENCY_001',
    seen: 'metrics',
    script: 'mixed, interference',
    note: 'loop blocking by interference; CPU and memory by resources',
    proof: [
      {
        file: 'scripts/interference.long.e2e.test.ts',
        test: 'a model list that blocks the loop is named',
      },
      {
        file: 'scripts/resources.alone.e2e.test.ts',
        test: 'what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures',
      },
    ],
  },
  {
    id: 'PERF_MIXED_RESOURCE_DB_AUTH_001',
    seen: 'client',
    script: 'contention, pipeline',
    note: 'p95 < 20 ms by difference of a refused key and a wrong path',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'PERF_MIXED_RESOURCE_BILLING_QUEUE_002',
    seen: 'metrics',
    script: 'endurance',
    note: 'queue gauge',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'PERF_MIXED_RESOURCE_CONFIG_CACHE_003',
    seen: 'client',
    script: 'caching',
    note: 'valid and invalid model ids',
    proof: [
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
    ],
  },
  {
    id: 'PERF_MIXED_PROVIDER_CONCURRENCY_001',
    seen: 'provider',
    script: 'bulkhead',
    note: 'raise the rate: error 6',
    proof: [
      {
        file: 'scripts/bulkhead.long.e2e.test.ts',
        test: 'one event loop for all: the stall while both are well is found and named',
      },
    ],
  },
  {
    id: 'PERF_MIXED_DYNAMIC_ADAPTATION_001',
    seen: 'client',
    script: 'agencies',
    note: 'time until streams are as before when the mix has changed; gain by prediction: nobody has it',
    proof: [
      {
        file: 'scripts/agencies.long.e2e.test.ts',
        test: 'the mix is turned round, embeddings where chats were: how long a target that adapts slowly makes streams wait is told',
      },
    ],
  },
  {
    id: 'PERF_MIXED_MULTI_DIMENSIONAL_002',
    seen: 'client',
    script: 'agencies',
    note: 'keys as user types',
    proof: [
      {
        file: 'scripts/agencies.long.e2e.test.ts',
        test: 'limits: of each key, and one for all keys that a single agency can use up, are told apart',
      },
    ],
  },
  {
    id: 'PERF_MIXED_INTELLIGENT_PRIORITIZATION_003',
    seen: 'client',
    script: 'agencies',
    note: 'finding may be "all keys are served alike: there are no classes"; flaw key_class',
    proof: [
      {
        file: 'scripts/agencies.long.e2e.test.ts',
        test: 'keys of a second class are found by their times, and named',
      },
    ],
  },
  {
    id: 'PERF_MIXED_WORKLOAD_AWARE_SCALING_004',
    seen: 'operator',
    script: 'resources + compare',
    note: 'two runs; no scaler in either gateway',
  },
  {
    id: 'PERF_MIXED_CROSS_SERVICE_IMPACT_005',
    seen: 'client',
    script: 'interference',
    note: 'matrix',
    proof: [
      {
        file: 'scripts/interference.long.e2e.test.ts',
        test: 'a model list that blocks the loop is named',
      },
    ],
  },
  {
    id: 'PERF_MIXED_ADVANCED_ANALYTICS_006',
    seen: 'not',
    script: '-',
    note: 'a forecaster',
  },
  {
    id: 'PERF_LOAD_BASELINE_001',
    seen: 'client',
    script: 'baseline',
    note: 'the limits of the test case by kind can be given with OBJECTIVES',
    proof: [
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'baseline: answers of three seconds miss the response time, and not the success',
      },
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'baseline: requests that fail miss the success, and not the response time',
      },
    ],
  },
  {
    id: 'PERF_LOAD_PEAK_001',
    seen: 'client',
    script: 'peak',
    note: 'the limits of the test case by kind can be given with OBJECTIVES',
    proof: [
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'peak: answers of six seconds miss the response time',
      },
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'peak: one chat in five failing misses the success',
      },
    ],
  },
  {
    id: 'PERF_LOAD_STRESS_001',
    seen: 'client',
    script: 'stress',
    note: 'limit, what gave way, orderly decline, capacity and recovery',
    proof: [
      {
        file: 'scripts/climb.e2e.test.ts',
        test: 'stress: names the step that broke and what gave way, stops climbing, and searches for the rate that holds',
      },
      {
        file: 'lib/findings/capacity/capacity.test.ts',
        test: 'what is too much is to be refused in order, and not to cost the work that can be done',
      },
      {
        file: 'scripts/stress.long.e2e.test.ts',
        test: 'a gateway that fails otherwise than by refusing is told',
      },
    ],
  },
  {
    id: 'PERF_LOAD_SPIKE_001',
    seen: 'client',
    script: 'spike',
    note: 'errors and recovery',
    proof: [
      {
        file: 'scripts/climb.e2e.test.ts',
        test: 'spike: a quota that the spike exhausts is found, as an error share and as no recovery',
      },
    ],
  },
  {
    id: 'PERF_LOAD_ENDURANCE_001',
    seen: 'metrics',
    script: 'endurance',
    note: 'test: a gateway that leaks fails',
    proof: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'PERF_LOAD_CI_REGRESSION_001',
    seen: 'client',
    script: 'smoke + compare',
    note: 'compare ends with 99 where the new run is worse',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'statements that are printed, or a log that says more, make the same load slower: compare says by how much and fails the build',
      },
    ],
  },
  {
    id: 'PERF_LOAD_CHAOS_PROVIDER_FAILURE_001',
    seen: 'provider',
    script: 'failover',
    note: 'FAULTS=half, with RATE and DURATION of the case',
    proof: [
      {
        file: 'scripts/failover.long.e2e.test.ts',
        test: 'half of the calls to the primary fail at random: with failover nearly all are answered, without it half are lost',
      },
    ],
  },
  {
    id: 'PERF_LOAD_ADAPTIVE_SCALING_002',
    seen: 'metrics',
    script: 'agencies',
    note: '70 % / 30 % CPU need M; from outside the time until served',
    proof: [
      {
        file: 'scripts/agencies.long.e2e.test.ts',
        test: 'a target that grows under load serves a burst after a while: the time until then is told',
      },
    ],
  },
  {
    id: 'PERF_LOAD_BURST_PATTERNS_003',
    seen: 'client',
    script: 'agencies',
    note: '3x 30 min, 5x 10 min an hour, 10x 5 min',
    proof: [
      {
        file: 'scripts/agencies.long.e2e.test.ts',
        test: 'a target that grows under load serves a burst after a while: the time until then is told',
      },
    ],
  },
  {
    id: 'PERF_LOAD_MULTI_TENANT_ISOLATION_004',
    seen: 'client',
    script: 'agencies',
    note: 'one key sends 80 % of 300 RPS',
    proof: [
      {
        file: 'scripts/agencies.long.e2e.test.ts',
        test: 'one line for all: the others wait behind an agency that sends most; where keys take turns they do not',
      },
    ],
  },
  {
    id: 'PERF_LOAD_DB_CONNECTION_STORM_005',
    seen: 'client',
    script: 'contention',
    note: 'rungs to 512 at once, one alone again, hang-ups and 256 at once after them',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: "SQLAlchemy's default pool, GSAi's own: plain calls stop at 15, streams do not, and starve behind calls that hang",
      },
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'hang-ups whose places are not given back are found by what is left afterwards',
      },
    ],
  },
  {
    id: 'PERF_LOAD_LONG_RUNNING_ENDURANCE_006',
    seen: 'client',
    script: 'endurance',
    note: 'VUS=100 with PROMPT_TOKENS, MAX_TOKENS, BATCH and DURATION=2h; its memory by METRICS_URLS',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'many large requests at once, with long answers and long batches, for a while: all end where nothing is in their way; a time-out of the gateway that is too short for them is named by what they get',
      },
    ],
  },
  {
    id: 'PERF_LOAD_PROVIDER_RATE_LIMIT_CASCADE_007',
    seen: 'provider',
    script: 'failover',
    note: 'FAULTS=all-429: clear 429, calls for each request, well again after the reset',
    proof: [
      {
        file: 'scripts/failover.long.e2e.test.ts',
        test: 'every deployment throttles at once: retries inside and answers that hide the 429 are named, and clear ones pass',
      },
    ],
  },
  {
    id: 'PERF_LOAD_STREAMING_AVALANCHE_008',
    seen: 'client',
    script: 'streams',
    note: 'the phase avalanche opens 2,000 at once; mixed-up answers and what hang-ups leave are counted',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'answers of another request, calls that go on after a hang-up, and memory that hang-ups keep are counted',
      },
    ],
  },
  {
    id: 'PERF_PROV_BEDROCK_CHAT_LATENCY_001',
    seen: 'client',
    script: 'providers, streaming',
    note: 'first token and total by providers; whole answers by streaming',
    proof: [
      {
        file: 'scripts/providers.long.e2e.test.ts',
        test: 'a model whose whole answers are slow misses their limit, streamed or plain: only the first token was judged',
      },
      {
        file: 'scripts/streaming.e2e.test.ts',
        test: 'a slow model, stalls of the provider, heaps, and whole answers that are held are found and named',
      },
    ],
  },
  {
    id: 'PERF_PROV_BEDROCK_EMBED_LATENCY_002',
    seen: 'client',
    script: 'embeddings',
    note: 'EMBEDDING_MODEL; 100 ms of the plan, which is less than the 150 of the case',
    proof: [
      {
        file: 'scripts/embeddings.long.e2e.test.ts',
        test: 'a model of ${kind} that takes 160 ms for one text misses its limit, and the time is told as the provider',
      },
    ],
  },
  {
    id: 'PERF_PROV_BEDROCK_THROTTLING_BEHAVIOR_003',
    seen: 'provider',
    script: 'providers',
    note: 'its quota test is of the Vertex-kind model only',
    proof: [
      {
        file: 'scripts/providers.long.e2e.test.ts',
        test: 'a quota of the Bedrock model is found as that of the other is: an empty 200 hides it',
      },
    ],
  },
  {
    id: 'PERF_PROV_VERTEXAI_CHAT_LATENCY_001',
    seen: 'client',
    script: 'providers, streaming',
    note: 'as Bedrock',
    proof: [
      {
        file: 'scripts/providers.long.e2e.test.ts',
        test: 'a model that is slow to begin misses its own limit beside one that is not',
      },
      {
        file: 'scripts/streaming.e2e.test.ts',
        test: 'a slow model, stalls of the provider, heaps, and whole answers that are held are found and named',
      },
    ],
  },
  {
    id: 'PERF_PROV_VERTEXAI_EMBED_LATENCY_002',
    seen: 'client',
    script: 'embeddings',
    note: 'EMBEDDING_MODEL',
    proof: [
      {
        file: 'scripts/embeddings.long.e2e.test.ts',
        test: 'a model of ${kind} that takes 160 ms for one text misses its limit, and the time is told as the provider',
      },
    ],
  },
  {
    id: 'PERF_PROV_VERTEXAI_QUOTA_BEHAVIOR_003',
    seen: 'provider',
    script: 'providers',
    note: 'test: a quota of one provider is found',
    proof: [
      {
        file: 'scripts/providers.e2e.test.ts',
        test: 'a quota of one provider is found: how many, hidden behind an empty 200, and no Retry-After',
      },
    ],
  },
  {
    id: 'PERF_PROV_FAILOVER_TIME_001',
    seen: 'provider',
    script: 'failover',
    note: 'all four tests',
    proof: [{ file: 'scripts/failover.e2e.test.ts', test: 'no breaker, retries, and output twice: each is named' }],
  },
  {
    id: 'PERF_PROV_FAILOVER_LOAD_IMPACT_002',
    seen: 'provider',
    script: 'failover',
    note: "the other deployment's own time to first token while it carries all",
    proof: [
      {
        file: 'scripts/failover.long.e2e.test.ts',
        test: 'the other deployment is too slow once it carries all: its own time to first token is judged',
      },
    ],
  },
  {
    id: 'PERF_PROV_COMPREHENSIVE_COMPARISON_001',
    seen: 'client',
    script: 'providers',
    note: 'intervals; sizes pooled',
    proof: [
      {
        file: 'scripts/providers.e2e.test.ts',
        test: 'a known difference is measured with an interval that holds it; the role chunk of Bedrock is told apart',
      },
    ],
  },
  {
    id: 'PERF_PROV_DYNAMIC_LOAD_BALANCING_002',
    seen: 'provider',
    script: 'failover',
    note: 'FAULTS=slow; its 60 s are for leaving',
    proof: [
      {
        file: 'scripts/failover.long.e2e.test.ts',
        test: 'a primary that becomes slow is left for the other deployment and used again when it is well; without a breaker each request waits for it',
      },
    ],
  },
  {
    id: 'PERF_PROV_OPTIMIZATION_STRATEGIES_003',
    seen: 'operator',
    script: 'providers + compare',
    note: 'two runs',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'one provider is called over connections that are kept: its model is better, and the other one is not harmed',
      },
    ],
  },
  {
    id: 'PERF_PROV_CAPACITY_SCALING_004',
    seen: 'client',
    script: 'stress',
    note: 'MODEL=each; the cost of a level is in the costs of the run',
    proof: [
      {
        file: 'scripts/stress.long.e2e.test.ts',
        test: 'each provider has a limit of its own: of two models, the one that takes half the time carries about twice the load, and the climb shows where each breaks',
      },
    ],
  },
  {
    id: 'PERF_PROV_CONSISTENCY_VALIDATION_005',
    seen: 'not',
    script: 'providers',
    note: 'form and end of each answer are judged by its outcome; whether what it says is good takes a scorer',
    symptom: [
      {
        file: 'scripts/verdicts.alone.e2e.test.ts',
        test: 'FAIL: a gateway that answers a failed provider call with 200 and no content does not go green',
      },
    ],
  },
  {
    id: 'PERF_PROV_ERROR_RECOVERY_006',
    seen: 'provider',
    script: 'failover',
    note: 'test: no breaker, retries, output twice',
    proof: [{ file: 'scripts/failover.e2e.test.ts', test: 'no breaker, retries, and output twice: each is named' }],
  },
  {
    id: 'PERF_COST_TOKEN_PROMPT_OVERHEAD_001',
    seen: 'provider',
    script: 'cost',
    note: 'test: flaws of the count',
    proof: [
      {
        file: 'scripts/cost.e2e.test.ts',
        test: 'flaws of the count are found and named: tokens added, no usage, max_tokens ignored, retries, calls that go on',
      },
    ],
  },
  {
    id: 'PERF_COST_TOKEN_MAXTOKENS_ENFORCEMENT_002',
    seen: 'provider',
    script: 'cost',
    note: 'the same',
    proof: [
      {
        file: 'scripts/cost.e2e.test.ts',
        test: 'flaws of the count are found and named: tokens added, no usage, max_tokens ignored, retries, calls that go on',
      },
    ],
  },
  {
    id: 'PERF_COST_BATCHING_EMBED_EFFECTIVENESS_003',
    seen: 'provider',
    script: 'cost, embeddings',
    note: 'calls are counted at the provider',
    proof: [
      {
        file: 'scripts/cost.long.e2e.test.ts',
        test: 'a batch that the gateway splits into a call for each text is counted by the calls that the provider got',
      },
      {
        file: 'scripts/embeddings.e2e.test.ts',
        test: 'batches that are split, and vectors in the wrong place, are found and named',
      },
    ],
  },
  {
    id: 'PERF_COST_API_RESOURCE_CPU_BASELINE_001',
    seen: 'metrics',
    script: 'resources',
    note: 'idle, 1, 2 RPS: a line',
    proof: [
      {
        file: 'scripts/resources.alone.e2e.test.ts',
        test: 'what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures',
      },
    ],
  },
  {
    id: 'PERF_COST_API_RESOURCE_MEMORY_BASELINE_002',
    seen: 'metrics',
    script: 'resources',
    note: '-',
    proof: [
      {
        file: 'scripts/resources.long.e2e.test.ts',
        test: 'memory that stays when nobody asks any more is told with its size, beside what was there before the load',
      },
    ],
  },
  {
    id: 'PERF_COST_API_RESOURCE_DB_CONNECTIONS_IDLE_003',
    seen: 'metrics',
    script: 'resources',
    note: '-',
    proof: [
      {
        file: 'scripts/resources.alone.e2e.test.ts',
        test: 'what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures',
      },
    ],
  },
  {
    id: 'PERF_COST_API_RESOURCE_LOGGING_OVERHEAD_004',
    seen: 'operator',
    script: 'any load + compare',
    note: 'log level off and on',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'statements that are printed, or a log that says more, make the same load slower: compare says by how much and fails the build',
      },
    ],
  },
  {
    id: 'PERF_COST_API_RESOURCE_BILLING_WORKER_005',
    seen: 'metrics',
    script: 'resources',
    note: 'from outside: periodic stalls',
    proof: [
      {
        file: 'scripts/interference.long.e2e.test.ts',
        test: 'a queue whose writing blocks the loop is found by the same stalls',
      },
    ],
  },
  {
    id: 'PERF_COST_REALTIME_OPTIMIZATION_001',
    seen: 'not',
    script: 'overhead',
    note: 'no cost-aware choice in either gateway; the time that a choice takes is part of what the gateway adds',
    symptom: [
      {
        file: 'scripts/overhead.alone.e2e.test.ts',
        test: 'a known delay is measured right: within 0.5 ms at p50 and 2 ms at p95, on a slow machine within 2 and 4 ms',
      },
    ],
  },
  {
    id: 'PERF_COST_TOKEN_ANALYTICS_002',
    seen: 'not',
    script: '-',
    note: 'an analysis function',
  },
  {
    id: 'PERF_COST_PERFORMANCE_TRADEOFF_003',
    seen: 'not',
    script: '-',
    note: 'a model of cost',
  },
  {
    id: 'PERF_COST_RESOURCE_EFFICIENCY_004',
    seen: 'operator',
    script: 'resources + compare',
    note: '-',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'work that is taken out of each request is seen in what a request costs: CPU, and what the collector does',
      },
    ],
  },
  {
    id: 'PERF_COST_PREDICTIVE_MANAGEMENT_005',
    seen: 'not',
    script: '-',
    note: 'a forecaster',
  },
  {
    id: 'PERF_COST_ATTRIBUTION_CHARGEBACK_006',
    seen: 'provider',
    script: 'cost',
    note: 'by key, against the truth; the time that attribution takes needs two runs',
    proof: [
      {
        file: 'scripts/cost.e2e.test.ts',
        test: 'usage that says twice what was used is found, and doubles the price',
      },
      {
        file: 'scripts/cost.e2e.test.ts',
        test: 'a gateway in order passes: every token accounted for, and priced by model and agency',
      },
    ],
  },
  {
    id: 'PERF_DB_POOL_EXHAUSTION_001',
    seen: 'client',
    script: 'contention',
    note: 'today only beside a hung provider',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: "SQLAlchemy's default pool, GSAi's own: plain calls stop at 15, streams do not, and starve behind calls that hang",
      },
    ],
  },
  {
    id: 'PERF_DB_POOL_RECOVERY_002',
    seen: 'client',
    script: 'contention',
    note: 'what is left after hang-ups, at the normal load; an outage of the database: restart',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'hang-ups whose places are not given back are found by what is left afterwards',
      },
    ],
  },
  {
    id: 'PERF_DB_QUERY_AUTH_KEY_LOOKUP_001',
    seen: 'operator',
    script: 'pipeline',
    note: '10,000-100,000 keys seeded by the operator',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'a column without an index: the look-up of a key grows with the number of keys, and an index takes it back by more than half',
      },
    ],
  },
  {
    id: 'PERF_DB_QUERY_BILLING_WRITE_002',
    seen: 'metrics',
    script: 'contention',
    note: 'conceptual in its document',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'billing that is written within the request, one record after the other, is found by what has to be billed alone',
      },
    ],
  },
  {
    id: 'PERF_DB_SESSION_OVERHEAD_001',
    seen: 'client',
    script: 'pipeline',
    note: 'upper bound: the look-up of the key is in it',
    proof: [
      {
        file: 'scripts/pipeline.long.e2e.test.ts',
        test: 'a session of the database that takes nine milliseconds is within the look-up of a key, and too long for what comes before the work',
      },
    ],
  },
  {
    id: 'PERF_DB_CONFIG_ECHO_LOGGING_001',
    seen: 'operator',
    script: 'compare',
    note: '-',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'statements that are printed, or a log that says more, make the same load slower: compare says by how much and fails the build',
      },
    ],
  },
  {
    id: 'PERF_DB_RESILIENCE_FAILOVER_001',
    seen: 'operator',
    script: 'restart',
    note: 'hook stops the database',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'the database is stopped and started by a hook: a pool that notices is well at once, one that keeps dead connections is told with the time that it takes',
      },
    ],
  },
  {
    id: 'PERF_DB_QUERY_OPTIMIZATION_002',
    seen: 'operator',
    script: 'pipeline + compare',
    note: '-',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'a column without an index: the look-up of a key grows with the number of keys, and an index takes it back by more than half',
      },
    ],
  },
  {
    id: 'PERF_DB_CONNECTION_BURST_003',
    seen: 'client',
    script: 'contention',
    note: 'how long those wait that find no place is told for each rung, and status 500 after the wait',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: "SQLAlchemy's default pool, GSAi's own: plain calls stop at 15, streams do not, and starve behind calls that hang",
      },
    ],
  },
  {
    id: 'PERF_DB_TRANSACTION_PERFORMANCE_004',
    seen: 'metrics',
    script: '-> monitoring of the database',
    note: 'admin routes are not the API under test',
  },
  {
    id: 'PERF_DB_BACKUP_MAINTENANCE_005',
    seen: 'operator',
    script: 'mixed + compare',
    note: 'during the backup',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'a backup of the database that makes look-ups slow is a slow-down of the same load, told in per cent',
      },
    ],
  },
  {
    id: 'PERF_DB_SCALING_CAPACITY_006',
    seen: 'metrics',
    script: 'contention',
    note: 'from outside: the ceiling of requests that only look a key up',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'look-ups of keys that wait for a small pool have one rate for all kinds, and the process is free',
      },
    ],
  },
  {
    id: 'PERF_APP_WORKER_SINGLE_VS_MULTI_001',
    seen: 'operator',
    script: 'mixed + compare',
    note: 'two runs; how many are served at once is told by contention',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'one worker against four: with the same work on its event loop the same load waits longer, and compare says for which kinds',
      },
    ],
  },
  {
    id: 'PERF_APP_FASTAPI_ASYNC_HANDLING_002',
    seen: 'client',
    script: 'interference, contention',
    note: 'blocks of the loop by interference, what is served at once by contention',
    proof: [
      {
        file: 'scripts/interference.long.e2e.test.ts',
        test: 'a model list that blocks the loop is named',
      },
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'one worker whose core is full: all kinds stop together, and even what needs nothing waits',
      },
    ],
  },
  {
    id: 'PERF_APP_FASTAPI_TIMEOUT_CONFIG_003',
    seen: 'provider',
    script: 'failover',
    note: 'gives up after t s',
    proof: [
      {
        file: 'scripts/failover.long.e2e.test.ts',
        test: 'a gateway without a time-out never gives a silent provider up; with one it does, and keeps the prompt',
      },
    ],
  },
  {
    id: 'PERF_APP_LIFECYCLE_STARTUP_TIME_004',
    seen: 'operator',
    script: 'restart',
    note: '-',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'PERF_APP_LIFECYCLE_SHUTDOWN_GRACEFUL_005',
    seen: 'operator',
    script: 'restart',
    note: 'exit code by the hook',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'PERF_APP_ASYNC_OPTIMIZATION_001',
    seen: 'client',
    script: 'interference',
    note: 'block per kind < 1 ms',
    proof: [
      {
        file: 'scripts/interference.long.e2e.test.ts',
        test: 'a model list that blocks the loop is named',
      },
    ],
  },
  {
    id: 'PERF_APP_MIDDLEWARE_STACK_002',
    seen: 'client',
    script: 'pipeline',
    note: 'sum today; 20 ms not the limit judged',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'PERF_APP_DEPENDENCY_INJECTION_003',
    seen: 'client',
    script: 'pipeline',
    note: 'upper bound: sessions and authentication by the difference of a wrong key and a wrong path',
    proof: [
      {
        file: 'scripts/pipeline.long.e2e.test.ts',
        test: 'a session of the database that takes nine milliseconds is within the look-up of a key, and too long for what comes before the work',
      },
    ],
  },
  {
    id: 'PERF_APP_ROUTING_OPTIMIZATION_004',
    seen: 'client',
    script: 'pipeline',
    note: 'upper bound: what a wrong path takes; less than the round trip cannot be seen',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'PERF_APP_MEMORY_EFFICIENT_PROCESSING_005',
    seen: 'metrics',
    script: 'resources + compare',
    note: 'two runs; CPU, collections and memory a request',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'work that is taken out of each request is seen in what a request costs: CPU, and what the collector does',
      },
    ],
  },
  {
    id: 'PERF_APP_CONCURRENCY_CONNECTION_006',
    seen: 'client',
    script: 'contention, streams',
    note: '-',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'a limit of streams is named with its number; other requests are let in',
      },
    ],
  },
  {
    id: 'PERF_APP_WARMUP_COLDSTART_007',
    seen: 'operator',
    script: 'restart',
    note: '-',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'PERF_APP_ERROR_HANDLING_008',
    seen: 'client',
    script: 'pipeline',
    note: '< 10 ms; healthy ones beside: interference',
    proof: [
      {
        file: 'scripts/pipeline.long.e2e.test.ts',
        test: 'errors that are slow to make are told from slow middleware: only refusals cost it',
      },
    ],
  },
  {
    id: 'PERF_MEM_LEAK_ENDURANCE_LOAD_001',
    seen: 'metrics',
    script: 'endurance',
    note: 'test: a gateway that leaks fails',
    proof: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'PERF_MEM_LEAK_STREAMING_CONNECTIONS_002',
    seen: 'metrics',
    script: 'streams',
    note: '-',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'answers of another request, calls that go on after a hang-up, and memory that hang-ups keep are counted',
      },
    ],
  },
  {
    id: 'PERF_MEM_LEAK_BILLING_QUEUE_003',
    seen: 'metrics',
    script: 'endurance',
    note: '-',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'PERF_MEM_LEAK_PROVIDER_SDK_CLIENTS_004',
    seen: 'metrics',
    script: 'endurance',
    note: 'MODELS in turn; open sockets that only grow',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'connections to the providers that are not given back, by models in turn, are found as sockets that only grow, with how many for 1,000 requests',
      },
    ],
  },
  {
    id: 'PERF_MEM_PAYLOAD_CHAT_LARGE_PROMPT_001',
    seen: 'metrics',
    script: 'context-window',
    note: '-',
    proof: [
      {
        file: 'scripts/context-window.long.e2e.test.ts',
        test: 'memory that large prompts keep is found, by the thousand tokens',
      },
    ],
  },
  {
    id: 'PERF_MEM_PAYLOAD_CHAT_LARGE_RESPONSE_002',
    seen: 'metrics',
    script: 'streaming',
    note: '-',
    proof: [
      {
        file: 'scripts/streaming.long.e2e.test.ts',
        test: 'memory that whole answers keep is found, by the thousand tokens',
      },
    ],
  },
  {
    id: 'PERF_MEM_PAYLOAD_EMBED_LARGE_BATCH_003',
    seen: 'metrics',
    script: 'embeddings',
    note: '-',
    proof: [
      {
        file: 'scripts/embeddings.long.e2e.test.ts',
        test: 'memory that batches keep is found, by the text',
      },
    ],
  },
  {
    id: 'PERF_MEM_GC_BEHAVIOR_LOAD_001',
    seen: 'client',
    script: 'interference',
    note: 'stalls of all streams at once; that it is a collection is told by METRICS_URLS (resources)',
    proof: [
      {
        file: 'scripts/interference.long.e2e.test.ts',
        test: 'a background task is found by stalls with no request at fault',
      },
    ],
  },
  {
    id: 'PERF_MEM_AUTOMATED_PROFILING_001',
    seen: 'metrics',
    script: 'endurance',
    note: 'time to detect and false alarms on made series; told after the run, not while it goes on',
    proof: [
      {
        file: 'lib/findings/growth-alarms.slow.test.ts',
        test: 'of 500 processes that do not leak fewer than one in fifty is said to, after 15 minutes, half an hour and an hour',
      },
      {
        file: 'lib/findings/growth-alarms.slow.test.ts',
        test: 'a leak is found within 15 minutes where it is fast, and within half an hour where it is slow',
      },
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'PERF_MEM_FRAGMENTATION_ANALYSIS_002',
    seen: 'not',
    script: 'endurance',
    note: 'inside the heap; resident memory that grows while the heap does not is told',
    symptom: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'PERF_MEM_ASYNC_TASK_LIFECYCLE_003',
    seen: 'metrics',
    script: 'streams',
    note: 'target_tasks, sockets after hang-ups',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'answers of another request, calls that go on after a hang-up, and memory that hang-ups keep are counted',
      },
    ],
  },
  {
    id: 'PERF_MEM_PROVIDER_SDK_MANAGEMENT_004',
    seen: 'metrics',
    script: 'failover with METRICS_URLS',
    note: 'what stays of calls that failed',
    proof: [
      {
        file: 'scripts/failover.long.e2e.test.ts',
        test: 'what calls to a failing provider leave in memory is told for each of them, and without it nothing is',
      },
    ],
  },
  {
    id: 'PERF_MEM_PRESSURE_RECOVERY_005',
    seen: 'metrics',
    script: 'context-window',
    note: 'what stays of many large prompts when they are over',
    proof: [
      {
        file: 'scripts/context-window.long.e2e.test.ts',
        test: 'memory that large prompts keep is found, by the thousand tokens',
      },
    ],
  },
  {
    id: 'PERF_MEM_REALTIME_LEAK_DETECTION_006',
    seen: 'metrics',
    script: 'endurance',
    note: 'as AUTOMATED_PROFILING_001',
    proof: [
      {
        file: 'lib/findings/growth-alarms.slow.test.ts',
        test: 'of 500 processes that do not leak fewer than one in fifty is said to, after 15 minutes, half an hour and an hour',
      },
      {
        file: 'lib/findings/growth-alarms.slow.test.ts',
        test: 'a leak is found within 15 minutes where it is fast, and within half an hour where it is slow',
      },
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'PERF_MEM_OPTIMAL_BATCHING_007',
    seen: 'metrics',
    script: 'embeddings',
    note: 'memory for each text beside the table of rates by size',
    proof: [
      {
        file: 'scripts/embeddings.long.e2e.test.ts',
        test: 'memory that batches keep is found, by the text',
      },
    ],
  },
  {
    id: 'PERF_CACHE_SETTINGS_FIRST_CALL_LATENCY_001',
    seen: 'operator',
    script: 'restart',
    note: 'first request after a start: upper bound',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'PERF_CACHE_SETTINGS_SUBSEQUENT_CALL_LATENCY_002',
    seen: 'not',
    script: '-',
    note: 'microseconds: below what a request can show',
  },
  {
    id: 'PERF_CACHE_SETTINGS_LOAD_IMPACT_003',
    seen: 'not',
    script: '-',
    note: 'as above; a profiler',
  },
  {
    id: 'PERF_CACHE_PROVIDER_INSTANCE_REUSE_001',
    seen: 'provider',
    script: 'caching',
    note: 'what is made anew costs time: of a model, or of a connection; the object itself is not seen',
    proof: [
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
      {
        file: 'scripts/overhead.long.e2e.test.ts',
        test: 'a connection that each call opens anew is found as time before the provider has the request',
      },
    ],
  },
  {
    id: 'PERF_CACHE_PROVIDER_INSTANCE_INIT_LATENCY_002',
    seen: 'operator',
    script: 'restart',
    note: 'first request of each model',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'PERF_CACHE_MULTI_LEVEL_HIERARCHY_001',
    seen: 'not',
    script: '-',
    note: 'no such cache in either gateway',
  },
  {
    id: 'PERF_CACHE_ADAPTIVE_MANAGEMENT_002',
    seen: 'not',
    script: '-',
    note: 'the same',
  },
  {
    id: 'PERF_CACHE_WARMING_PRELOADING_003',
    seen: 'operator',
    script: 'restart',
    note: '-',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'PERF_CACHE_HIGH_CONCURRENCY_004',
    seen: 'client',
    script: 'caching',
    note: 'requests that come during a look-up: whether each makes its own',
    proof: [
      {
        file: 'scripts/caching.long.e2e.test.ts',
        test: 'requests that come while their key is being looked up: a stampede makes a look-up for each, and without one they do not',
      },
    ],
  },
  {
    id: 'PERF_CACHE_INVALIDATION_REFRESH_005',
    seen: 'client',
    script: 'caching',
    note: 'periodic firsts',
    proof: [
      {
        file: 'scripts/caching.long.e2e.test.ts',
        test: 'what is kept for too short a time is found by the repeats that pay as a first',
      },
    ],
  },
  {
    id: 'PERF_CACHE_MONITORING_ANALYTICS_006',
    seen: 'metrics',
    script: 'monitoring',
    note: 'alerts are not ours',
  },
  {
    id: 'PERF_INFRA_DATA_REPRESENT_PROMPT_001',
    seen: 'client',
    script: 'npm run data',
    note: 'lengths against a profile of real traffic; what they say is a review',
    proof: [
      {
        file: 'tools/commands/data/fit.test.ts',
        test: 'prompts to a profile have its lengths, in tokens, and each its own text',
      },
      {
        file: 'tools/commands/data/generate.e2e.test.ts',
        test: 'prompts: tokens are exact, the size follows from them, and they reach from about 10 to about 3,000',
      },
    ],
  },
  {
    id: 'PERF_INFRA_DATA_REPRESENT_EMBED_002',
    seen: 'client',
    script: 'npm run data',
    note: 'lengths and number; what they say is a review',
    proof: [
      {
        file: 'tools/commands/data/generate.e2e.test.ts',
        test: 'embeddings: at least 400 unique texts, at least 100 of them with 100 to 200 tokens',
      },
      {
        file: 'tools/commands/data/generate.e2e.test.ts',
        test: 'the volume of the plan: over 1,000 prompts and 10,000 texts, all unique',
      },
    ],
  },
  {
    id: 'PERF_INFRA_DATA_TOKEN_ACCURACY_003',
    seen: 'client',
    script: 'context-window',
    note: 'stored prompts exact; PROMPT_TOKENS "about"',
    proof: [
      {
        file: 'lib/workload/exact.test.ts',
        test: 'a prompt has exactly as many tokens as were asked for, in every public tokenizer, from 1 token to 30,000',
      },
      {
        file: 'scripts/context-window.e2e.test.ts',
        test: 'an empty 200 for a prompt over the limit, and failures near it, are found and named; prompts are exact to the token',
      },
    ],
  },
  {
    id: 'PERF_INFRA_MONITORING_LATENCY_ACCURACY_001',
    seen: 'metrics',
    script: 'monitoring',
    note: 'a fixed delay by directive',
    proof: [
      {
        file: 'scripts/monitoring.long.e2e.test.ts',
        test: 'a page that misses requests, whose durations end at the headers and which is refreshed rarely, traces without the call, and readings that cost are named',
      },
    ],
  },
  {
    id: 'PERF_INFRA_MONITORING_RESOURCE_ACCURACY_002',
    seen: 'metrics',
    script: 'monitoring',
    note: 'the page against the sampler, which makes one of the same process',
    proof: [
      {
        file: 'scripts/monitoring.long.e2e.test.ts',
        test: 'a page that tells half of the CPU time of its process is held against the sampler, which does not know of it; a page that tells all agrees',
      },
    ],
  },
  {
    id: 'PERF_INFRA_MONITORING_GRANULARITY_TRACE_003',
    seen: 'metrics',
    script: 'monitoring',
    note: 'spans test of the simulator',
    proof: [
      {
        file: 'scripts/monitoring.long.e2e.test.ts',
        test: 'a page that misses requests, whose durations end at the headers and which is refreshed rarely, traces without the call, and readings that cost are named',
      },
    ],
  },
  {
    id: 'PERF_INFRA_ENVIRONMENT_CONFIG_MATCH_001',
    seen: 'client',
    script: 'fidelity',
    note: 'what it can see; the checklist is a review',
    proof: [
      {
        file: 'scripts/fidelity.long.e2e.test.ts',
        test: 'a small load three times gives the same, and held against its own record nothing differs; against one of a larger machine nearby, CPUs, runtime and round trip do',
      },
    ],
  },
  {
    id: 'PERF_INFRA_ENVIRONMENT_NETWORK_BASELINE_002',
    seen: 'client',
    script: 'fidelity',
    note: '-',
    proof: [
      {
        file: 'scripts/fidelity.long.e2e.test.ts',
        test: 'a small load three times gives the same, and held against its own record nothing differs; against one of a larger machine nearby, CPUs, runtime and round trip do',
      },
    ],
  },
  {
    id: 'PERF_INFRA_ENVIRONMENT_NO_INTERFERENCE_003',
    seen: 'client',
    script: 'fidelity',
    note: 'same small load three times',
    proof: [
      {
        file: 'scripts/fidelity.long.e2e.test.ts',
        test: 'an environment in which the same load becomes slower from time to time is told: three repeats do not agree',
      },
    ],
  },
  {
    id: 'PERF_INFRA_AUTOMATED_ORCHESTRATION_001',
    seen: 'client',
    script: 'npm run plan, CI',
    note: 'compare and trend end with an exit code, ci writes the comment; npm run plan runs all',
    proof: [
      {
        file: 'tools/commands/compare/compare.slow.test.ts',
        test: 'a slower target is worse (exit code 99), a faster one better (0), the same one no different (0)',
      },
      {
        file: 'tools/commands/trend/trend.slow.test.ts',
        test: 'a target that became slower is found with the run in which it did: exit code 99, in the table, the JSON and the page',
      },
    ],
  },
  {
    id: 'PERF_INFRA_ADVANCED_OBSERVABILITY_002',
    seen: 'metrics',
    script: 'monitoring',
    note: 'traces; learned alerts are not ours',
    proof: [
      {
        file: 'scripts/monitoring.long.e2e.test.ts',
        test: 'a page that misses requests, whose durations end at the headers and which is refreshed rarely, traces without the call, and readings that cost are named',
      },
    ],
  },
  {
    id: 'PERF_INFRA_TEST_DATA_MANAGEMENT_003',
    seen: 'client',
    script: 'npm run data',
    note: 'seeded, checked for identity',
    proof: [
      {
        file: 'tools/commands/data/generate.e2e.test.ts',
        test: 'the same seed gives the same files, another seed gives others',
      },
      {
        file: 'tools/commands/data/generate.e2e.test.ts',
        test: '--check names the file and the line that differ, and writes nothing',
      },
    ],
  },
  {
    id: 'PERF_INFRA_MULTI_ENV_COORDINATION_004',
    seen: 'operator',
    script: 'compare, fidelity',
    note: 'the same method in each environment, what differs is told',
    proof: [
      {
        file: 'tools/commands/compare/compare.slow.test.ts',
        test: 'what makes runs not comparable is told in words, and can be allowed',
      },
      {
        file: 'scripts/fidelity.long.e2e.test.ts',
        test: 'a small load three times gives the same, and held against its own record nothing differs; against one of a larger machine nearby, CPUs, runtime and round trip do',
      },
    ],
  },
  {
    id: 'PERF_INFRA_SCALABILITY_EFFICIENCY_005',
    seen: 'client',
    script: 'segments and merge',
    note: 'several machines send one load; what they cost is a reckoning of the operator',
    proof: [
      {
        file: 'scripts/segments.e2e.test.ts',
        test: 'four processes send the load of one, request by request, and make one record with one verdict',
      },
      {
        file: 'scripts/segments.e2e.test.ts',
        test: 'a runner that is killed in mid-run is named, and the verdict is INVALID; findings that cannot be added up say so',
      },
    ],
  },
  {
    id: 'PERF_INFRA_INTELLIGENT_ANALYSIS_006',
    seen: 'not',
    script: '-',
    note: 'learned analysis',
  },
  {
    id: 'TC_R755_001',
    seen: 'provider',
    script: 'failover',
    note: 'open, half-open and closed are seen at the provider; survival of a restart is not looked at',
    proof: [
      {
        file: 'scripts/failover.e2e.test.ts',
        test: 'no breaker, retries, and output twice: each is named',
      },
      {
        file: 'scripts/failover.e2e.test.ts',
        test: 'never fails back, and a herd',
      },
    ],
  },
  {
    id: 'TC_R755_002',
    seen: 'not',
    script: '-',
    note: 'four nested levels: nobody has them',
  },
  {
    id: 'TC_R755_003',
    seen: 'not',
    script: '-',
    note: 'thresholds that learn',
  },
  {
    id: 'TC_R755_004',
    seen: 'operator',
    script: 'overhead + compare',
    note: 'breaker off and on: what its look costs a healthy request; 10,000 requests/s and its memory are not looked at',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'a breaker that asks for its state outside the process: switched on, it makes healthy requests later by what its look takes; one that costs nothing does not',
      },
    ],
  },
  {
    id: 'TC_R755_005',
    seen: 'not',
    script: '-',
    note: 'several services',
  },
  {
    id: 'TC_R755_006',
    seen: 'not',
    script: '-',
    note: 'alerts of another system',
  },
  {
    id: 'TC_R755_007',
    seen: 'not',
    script: '-',
    note: 'tuning function',
  },
  {
    id: 'TC_R755_008',
    seen: 'provider',
    script: 'failover',
    note: 'all four tests',
    proof: [{ file: 'scripts/failover.e2e.test.ts', test: 'no breaker, retries, and output twice: each is named' }],
  },
];
