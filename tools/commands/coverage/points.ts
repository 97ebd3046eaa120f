import type { Point } from './row';

/** Every point of the plan's 23 risk surfaces (Test Plan 7.4), in its order. */
export const points: readonly Point[] = [
  {
    id: 'TTFT-1',
    surface: '7.4.1 Time to first token',
    what: 'validation or set-up in the framework',
    seen: 'client',
    script: 'pipeline (sum: overhead)',
    judged: 'total < 20 ms (PERF_APP_MIDDLEWARE_STACK_002)',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'TTFT-2',
    surface: '7.4.1 Time to first token',
    what: 'slow authentication',
    seen: 'client',
    script: 'pipeline',
    judged: 'p95 < 20 ms (PERF_MIXED_RESOURCE_DB_AUTH_001)',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'TTFT-3',
    surface: '7.4.1 Time to first token',
    what: 'pool exhausted, auth waits',
    seen: 'client',
    script: 'contention',
    judged: 'pool never exhausted (7.4.5); wait < 100 ms (PERF_DB_CONNECTION_BURST_003)',
    proof: [
      {
        file: 'scripts/contention.e2e.test.ts',
        test: 'a pool that plain calls hold: they stop at its size, streams do not, and starve while calls hang',
      },
    ],
  },
  {
    id: 'TTFT-4',
    surface: '7.4.1 Time to first token',
    what: 'logging middleware',
    seen: 'client',
    script: 'pipeline',
    judged: '< 20 ms all layers; log level < 5-10 % (PERF_COST_API_RESOURCE_LOGGING_OVERHEAD_004)',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'TTFT-5',
    surface: '7.4.1 Time to first token',
    what: 'SDK client made per call',
    seen: 'client',
    script: 'bulkhead, overhead',
    judged: 'TTFT p95 < 500 ms; added < 50 ms',
    proof: [
      {
        file: 'scripts/bulkhead.long.e2e.test.ts',
        test: 'one event loop for all: the stall while both are well is found and named',
      },
    ],
  },
  {
    id: 'TTFT-6',
    surface: '7.4.1 Time to first token',
    what: 'adapter before the call',
    seen: 'provider',
    script: 'overhead, pipeline',
    judged: 'added < 50 ms; growth not above linear',
    proof: [
      {
        file: 'scripts/context-window.long.e2e.test.ts',
        test: 'what the gateway does that grows as the square of the prompt is named, with its power',
      },
    ],
  },
  {
    id: 'TTFT-7',
    surface: '7.4.1 Time to first token',
    what: 'configuration cache misses',
    seen: 'client',
    script: 'caching',
    judged: 'lookup fast, no figure; judged: first against again < 50 ms',
    proof: [
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
    ],
  },
  {
    id: 'TTFT-8',
    surface: '7.4.1 Time to first token',
    what: 'one worker',
    seen: 'client',
    script: 'contention',
    judged: 'none; finding; 50 / 250 / 500 RPS must be passed',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'one worker whose core is full: all kinds stop together, and even what needs nothing waits',
      },
    ],
  },
  {
    id: 'TTFT-9',
    surface: '7.4.1 Time to first token',
    what: 'provider slow to begin',
    seen: 'client',
    script: 'ttft, providers',
    judged: 'p95 < 500 ms',
    proof: [
      {
        file: 'scripts/providers.e2e.test.ts',
        test: 'a known difference is measured with an interval that holds it; the role chunk of Bedrock is told apart',
      },
      {
        file: 'scripts/plan.e2e.test.ts',
        test: 'ttft: a gateway that is slower with long prompts fails on those alone',
      },
    ],
  },
  {
    id: 'TTFT-10',
    surface: '7.4.1 Time to first token',
    what: 'framework before the first chunk',
    seen: 'provider',
    script: 'overhead',
    judged: 'added < 50 ms (PERF_MIXED_GATEWAY_STD_LOAD_001)',
    proof: [{ file: 'scripts/overhead.alone.e2e.test.ts', test: '${name} is found and named' }],
  },
  {
    id: 'TTFT-E',
    surface: '7.4.1 Time to first token',
    what: 'TTFT p95 < 500 ms',
    seen: 'client',
    script: 'ttft',
    judged: 'p95 < 500 ms, each model',
    proof: [
      {
        file: 'scripts/plan.e2e.test.ts',
        test: 'ttft: a gateway that is slower with long prompts fails on those alone',
      },
    ],
  },
  {
    id: 'TOKENS-1',
    surface: '7.4.1 Token generation throughput',
    what: 'slow chunks in the framework',
    seen: 'provider',
    script: 'overhead, streaming',
    judged: '< 20 ms a chunk; 50-150 tokens/s',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'chunks that cost the event loop time are found as a ceiling of a busy process',
      },
    ],
  },
  {
    id: 'TOKENS-2',
    surface: '7.4.1 Token generation throughput',
    what: 'network to provider or client',
    seen: 'client',
    script: 'streams, fidelity',
    judged: 'tokens/s of the family at 1000 streams',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'a bandwidth that all streams share is found as what they carry together, and the process is not blamed',
      },
    ],
  },
  {
    id: 'TOKENS-3',
    surface: '7.4.1 Token generation throughput',
    what: 'provider generates slowly',
    seen: 'client',
    script: 'streaming',
    judged: 'family range, lower bound',
    proof: [
      {
        file: 'scripts/streaming.e2e.test.ts',
        test: 'a slow model, stalls of the provider, heaps, and whole answers that are held are found and named',
      },
    ],
  },
  {
    id: 'TOKENS-4',
    surface: '7.4.1 Token generation throughput',
    what: 'large plain answers',
    seen: 'client',
    script: 'streaming',
    judged: 'plain rate below the streamed, no figure; judged: added < 50 ms',
    proof: [
      {
        file: 'scripts/streaming.e2e.test.ts',
        test: 'a slow model, stalls of the provider, heaps, and whole answers that are held are found and named',
      },
    ],
  },
  {
    id: 'TOKENS-5',
    surface: '7.4.1 Token generation throughput',
    what: 'singledispatch',
    seen: 'not',
    script: 'overhead (sum)',
    judged: '< 20 ms a chunk',
    symptom: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'chunks that cost the event loop time are found as a ceiling of a busy process',
      },
      {
        file: 'scripts/overhead.alone.e2e.test.ts',
        test: 'a known delay is measured right: within 0.5 ms at p50 and 2 ms at p95, on a slow machine within 2 and 4 ms',
      },
    ],
  },
  {
    id: 'TOKENS-6',
    surface: '7.4.1 Token generation throughput',
    what: 'allocation per chunk',
    seen: 'metrics',
    script: 'resources',
    judged: 'none',
    proof: [
      {
        file: 'scripts/resources.alone.e2e.test.ts',
        test: 'what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures',
      },
    ],
  },
  {
    id: 'TOKENS-7',
    surface: '7.4.1 Token generation throughput',
    what: 'async generators',
    seen: 'not',
    script: 'overhead (sum)',
    judged: '< 20 ms a chunk',
    symptom: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'chunks that cost the event loop time are found as a ceiling of a busy process',
      },
      {
        file: 'scripts/overhead.alone.e2e.test.ts',
        test: 'a known delay is measured right: within 0.5 ms at p50 and 2 ms at p95, on a slow machine within 2 and 4 ms',
      },
    ],
  },
  {
    id: 'TOKENS-8',
    surface: '7.4.1 Token generation throughput',
    what: 'billing queue fills memory',
    seen: 'metrics',
    script: 'endurance',
    judged: 'bounded; judged: growth 0 beyond doubt',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'TOKENS-9',
    surface: '7.4.1 Token generation throughput',
    what: 'context variables',
    seen: 'not',
    script: 'pipeline (sum)',
    judged: '< 20 ms',
    symptom: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'TOKENS-E',
    surface: '7.4.1 Token generation throughput',
    what: '50-150 tokens/s by model',
    seen: 'client',
    script: 'streaming',
    judged: '50-150; Claude 80-120, Gemini 100-150, Llama 50-80 (lower bounds)',
    proof: [
      {
        file: 'scripts/streaming.e2e.test.ts',
        test: 'a slow model, stalls of the provider, heaps, and whole answers that are held are found and named',
      },
    ],
  },
  {
    id: 'CONTEXT-1',
    surface: '7.4.1 Context window',
    what: 'time grows with prompt',
    seen: 'client',
    script: 'context-window',
    judged: '< 1 s, < 3 s, < 10 s by bucket',
    proof: [
      {
        file: 'scripts/context-window.long.e2e.test.ts',
        test: 'what the gateway does that grows as the square of the prompt is named, with its power',
      },
    ],
  },
  {
    id: 'CONTEXT-2',
    surface: '7.4.1 Context window',
    what: 'errors near the limit',
    seen: 'client',
    script: 'context-window',
    judged: '99 % success in documented sizes',
    proof: [
      {
        file: 'scripts/context-window.e2e.test.ts',
        test: 'an empty 200 for a prompt over the limit, and failures near it, are found and named; prompts are exact to the token',
      },
    ],
  },
  {
    id: 'CONTEXT-3',
    surface: '7.4.1 Context window',
    what: 'memory with large payloads',
    seen: 'metrics',
    script: 'context-window',
    judged: '< 80 %; back to baseline',
    proof: [
      {
        file: 'scripts/context-window.long.e2e.test.ts',
        test: 'memory that large prompts keep is found, by the thousand tokens',
      },
    ],
  },
  {
    id: 'CONTEXT-4',
    surface: '7.4.1 Context window',
    what: 'time-outs of very large contexts',
    seen: 'client',
    script: 'context-window',
    judged: '32K+: orderly; no figure',
    proof: [
      {
        file: 'scripts/context-window.long.e2e.test.ts',
        test: "a gateway's time-out that is too short for large prompts: from which size on they end by time, when, and that small ones do not",
      },
    ],
  },
  {
    id: 'CONTEXT-E',
    surface: '7.4.1 Context window',
    what: 'graceful, clear error beyond',
    seen: 'client',
    script: 'context-window',
    judged: '4xx quickly (PERF_LLM_CONTEXT_WINDOW_CHAT_LATENCY_001)',
    proof: [
      {
        file: 'scripts/context-window.e2e.test.ts',
        test: 'an empty 200 for a prompt over the limit, and failures near it, are found and named; prompts are exact to the token',
      },
      {
        file: 'scripts/context-window.long.e2e.test.ts',
        test: 'a prompt over the limit that is cut in silence, or left hanging, is told as what it is',
      },
    ],
  },
  {
    id: 'CHUNK-1',
    surface: '7.4.1 Inter-chunk latency',
    what: 'overhead per chunk',
    seen: 'provider',
    script: 'overhead, streaming',
    judged: '< 20 ms',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'chunks that cost the event loop time are found as a ceiling of a busy process',
      },
    ],
  },
  {
    id: 'CHUNK-2',
    surface: '7.4.1 Inter-chunk latency',
    what: 'provider uneven',
    seen: 'client',
    script: 'streaming',
    judged: 'mean and p95 in 20-50 ms (PERF_LLM_STREAM_LATENCY_INTERCHUNK_001)',
    proof: [
      {
        file: 'scripts/streaming.e2e.test.ts',
        test: 'a slow model, stalls of the provider, heaps, and whole answers that are held are found and named',
      },
    ],
  },
  {
    id: 'CHUNK-3',
    surface: '7.4.1 Inter-chunk latency',
    what: 'buffering',
    seen: 'client',
    script: 'overhead; streaming from outside',
    judged: 'one arrival a chunk',
    proof: [
      {
        file: 'scripts/streaming.e2e.test.ts',
        test: 'a slow model, stalls of the provider, heaps, and whole answers that are held are found and named',
      },
    ],
  },
  {
    id: 'CHUNK-E',
    surface: '7.4.1 Inter-chunk latency',
    what: '20-50 ms, consistent',
    seen: 'client',
    script: 'streaming',
    judged: 'mean and p95 < 50 ms',
    proof: [
      {
        file: 'scripts/streaming.e2e.test.ts',
        test: 'a slow model, stalls of the provider, heaps, and whole answers that are held are found and named',
      },
    ],
  },
  {
    id: 'EMBED-1',
    surface: '7.4.1 Embeddings',
    what: 'single text slow',
    seen: 'client',
    script: 'embeddings',
    judged: 'p95 < 100 ms',
    proof: [
      {
        file: 'scripts/embeddings.long.e2e.test.ts',
        test: 'a model of ${kind} that takes 160 ms for one text misses its limit, and the time is told as the provider',
      },
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'mixed: slow embeddings miss their own limit, and the chats do not hide them',
      },
    ],
  },
  {
    id: 'EMBED-2',
    surface: '7.4.1 Embeddings',
    what: 'batches slow',
    seen: 'client',
    script: 'embeddings',
    judged: '1,000 texts/s',
    proof: [
      {
        file: 'scripts/embeddings.e2e.test.ts',
        test: 'batches that are split, and vectors in the wrong place, are found and named',
      },
    ],
  },
  {
    id: 'EMBED-3',
    surface: '7.4.1 Embeddings',
    what: 'memory of large batches',
    seen: 'metrics',
    script: 'embeddings',
    judged: 'linear in batch size',
    proof: [
      {
        file: 'scripts/embeddings.long.e2e.test.ts',
        test: 'memory that batches keep is found, by the text',
      },
    ],
  },
  {
    id: 'EMBED-E',
    surface: '7.4.1 Embeddings',
    what: '< 100 ms and 1,000/s',
    seen: 'client',
    script: 'embeddings',
    judged: '1536 and 3072 where asked',
    proof: [
      {
        file: 'scripts/embeddings.e2e.test.ts',
        test: 'batches that are split, and vectors in the wrong place, are found and named',
      },
    ],
  },
  {
    id: 'GATEWAY-1',
    surface: '7.4.2 Gateway and load balancer',
    what: 'bottleneck under the mix',
    seen: 'client',
    script: 'contention, mixed',
    judged: 'added < 50 ms; gateway errors < 0.1 %',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'a limit of requests in flight refuses at once, and is told from a limit of the rate',
      },
    ],
  },
  {
    id: 'GATEWAY-2',
    surface: '7.4.2 Gateway and load balancer',
    what: 'routing, TLS',
    seen: 'client',
    script: 'balance',
    judged: 'added < 50 ms',
    proof: [
      {
        file: 'scripts/balance.long.e2e.test.ts',
        test: 'a gateway that closes each connection after four answers makes a quarter of the requests pay for a new one',
      },
    ],
  },
  {
    id: 'GATEWAY-3',
    surface: '7.4.2 Gateway and load balancer',
    what: 'uneven distribution',
    seen: 'client',
    script: 'balance',
    judged: 'evenly spread',
    proof: [
      {
        file: 'scripts/balance.e2e.test.ts',
        test: 'an instance that gets most requests, and one that is slow, are found by the header that names them',
      },
    ],
  },
  {
    id: 'GATEWAY-E',
    surface: '7.4.2 Gateway and load balancer',
    what: 'no added latency, no single failure',
    seen: 'client',
    script: 'balance',
    judged: 'as above',
    proof: [
      {
        file: 'scripts/balance.e2e.test.ts',
        test: 'an instance that gets most requests, and one that is slow, are found by the header that names them',
      },
      {
        file: 'scripts/balance.long.e2e.test.ts',
        test: 'what the balancer adds is the difference to an instance that is asked directly',
      },
    ],
  },
  {
    id: 'SERVER-1',
    surface: '7.4.2 Application server',
    what: 'too few workers',
    seen: 'client',
    script: 'contention',
    judged: '50 / 250 / 500 RPS',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'one worker whose core is full: all kinds stop together, and even what needs nothing waits',
      },
    ],
  },
  {
    id: 'SERVER-2',
    surface: '7.4.2 Application server',
    what: 'event loop blocked',
    seen: 'client',
    script: 'interference (names kind and ms), bulkhead',
    judged: '< 1 ms a request (PERF_APP_ASYNC_OPTIMIZATION_001)',
    proof: [
      {
        file: 'scripts/bulkhead.long.e2e.test.ts',
        test: 'one event loop for all: the stall while both are well is found and named',
      },
    ],
  },
  {
    id: 'SERVER-3',
    surface: '7.4.2 Application server',
    what: 'many streams handled badly',
    seen: 'client',
    script: 'streams',
    judged: '1,000+ streams, gaps < 50 ms',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'a limit of streams is named with its number; other requests are let in',
      },
    ],
  },
  {
    id: 'SERVER-4',
    surface: '7.4.2 Application server',
    what: 'leaks or CPU under the mix',
    seen: 'metrics',
    script: 'endurance, resources',
    judged: 'CPU < 70 %, memory < 80 %',
    proof: [
      {
        file: 'scripts/resources.alone.e2e.test.ts',
        test: 'what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures',
      },
    ],
  },
  {
    id: 'SERVER-E',
    surface: '7.4.2 Application server',
    what: 'stable under the mix',
    seen: 'client',
    script: 'mixed, endurance, interference',
    judged: 'baseline row',
    proof: [
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'mixed: slow embeddings miss their own limit, and the chats do not hide them',
      },
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
      {
        file: 'scripts/interference.long.e2e.test.ts',
        test: 'a model list that blocks the loop is named',
      },
    ],
  },
  {
    id: 'SHARED-1',
    surface: '7.4.2 Shared resources',
    what: 'pool exhaustion',
    seen: 'client',
    script: 'contention',
    judged: 'never exhausted; waiting, few 503/504 (PERF_DB_POOL_EXHAUSTION_001)',
    proof: [
      {
        file: 'scripts/contention.e2e.test.ts',
        test: 'a pool that plain calls hold: they stop at its size, streams do not, and starve while calls hang',
      },
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: "SQLAlchemy's default pool, GSAi's own: plain calls stop at 15, streams do not, and starve behind calls that hang",
      },
    ],
  },
  {
    id: 'SHARED-2',
    surface: '7.4.2 Shared resources',
    what: 'slow auth or billing queries under load',
    seen: 'client',
    script: 'contention, pipeline',
    judged: 'p95 < 20 ms',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'look-ups of keys that wait for a small pool have one rate for all kinds, and the process is free',
      },
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'SHARED-3',
    surface: '7.4.2 Shared resources',
    what: 'lock contention',
    seen: 'client',
    script: 'contention',
    judged: 'none; judged: one key within 10 % of many',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'requests of one key that wait for one another are told from those of many keys: a lock of the key',
      },
    ],
  },
  {
    id: 'SHARED-4',
    surface: '7.4.2 Shared resources',
    what: 'cache stampede',
    seen: 'client',
    script: 'caching, restart',
    judged: 'model list < 10 ms',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'SHARED-5',
    surface: '7.4.2 Shared resources',
    what: 'configuration misses',
    seen: 'client',
    script: 'caching',
    judged: 'as TTFT-7',
    proof: [
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
    ],
  },
  {
    id: 'SHARED-6',
    surface: '7.4.2 Shared resources',
    what: 'backend_map contention',
    seen: 'not',
    script: 'caching (many models against one)',
    judged: 'no contention, no figure',
    symptom: [
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
    ],
  },
  {
    id: 'SHARED-7',
    surface: '7.4.2 Shared resources',
    what: 'session creation',
    seen: 'client',
    script: 'pipeline',
    judged: 'a few ms (PERF_DB_SESSION_OVERHEAD_001): judged < 5 ms',
    proof: [
      {
        file: 'scripts/pipeline.long.e2e.test.ts',
        test: 'a session of the database that takes nine milliseconds is within the look-up of a key, and too long for what comes before the work',
      },
    ],
  },
  {
    id: 'SHARED-8',
    surface: '7.4.2 Shared resources',
    what: 'billing queue memory',
    seen: 'metrics',
    script: 'endurance',
    judged: 'bounded',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'SHARED-9',
    surface: '7.4.2 Shared resources',
    what: 'late session clean-up',
    seen: 'client',
    script: 'contention',
    judged: 'connections free at once, no figure',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'a place that is held after its request is found by kinds that take different times',
      },
    ],
  },
  {
    id: 'SHARED-E',
    surface: '7.4.2 Shared resources',
    what: 'no bottleneck',
    seen: 'client',
    script: 'contention, caching',
    judged: 'as above',
    proof: [
      {
        file: 'scripts/contention.e2e.test.ts',
        test: 'a pool that plain calls hold: they stop at its size, streams do not, and starve while calls hang',
      },
    ],
  },
  {
    id: 'MIXPROV-1',
    surface: '7.4.2 Providers under mixed load',
    what: 'client libraries share pools',
    seen: 'client',
    script: 'bulkhead',
    judged: 'none; ours < 50 ms',
    proof: [
      {
        file: 'scripts/bulkhead.alone.e2e.test.ts',
        test: 'one pool of connections for all providers: the wait before the healthy one is asked is found and named',
      },
    ],
  },
  {
    id: 'MIXPROV-2',
    surface: '7.4.2 Providers under mixed load',
    what: 'concurrent calls badly managed',
    seen: 'client',
    script: 'bulkhead',
    judged: 'as above',
    proof: [
      {
        file: 'scripts/bulkhead.long.e2e.test.ts',
        test: 'one event loop for all: the stall while both are well is found and named',
      },
    ],
  },
  {
    id: 'MIXPROV-3',
    surface: '7.4.2 Providers under mixed load',
    what: 'head-of-line blocking',
    seen: 'client',
    script: 'bulkhead',
    judged: 'as above',
    proof: [
      {
        file: 'scripts/bulkhead.alone.e2e.test.ts',
        test: 'one pool of connections for all providers: the wait before the healthy one is asked is found and named',
      },
      {
        file: 'scripts/bulkhead.alone.e2e.test.ts',
        test: 'a pool held during plain calls: the healthy one is not asked while the other hangs, its streams go on',
      },
    ],
  },
  {
    id: 'MIXPROV-E',
    surface: '7.4.2 Providers under mixed load',
    what: 'no interference',
    seen: 'client',
    script: 'bulkhead',
    judged: 'as above',
    proof: [{ file: 'scripts/bulkhead.alone.e2e.test.ts', test: 'PASS: a hung provider does nothing to the other' }],
  },
  {
    id: 'LOAD-1',
    surface: '7.4.3 Load scenarios',
    what: 'limits: CPU, memory, network, DB, quotas',
    seen: 'client',
    script: 'baseline, peak, resources',
    judged: 'CPU < 70 %, memory < 80 %, pool never exhausted',
    proof: [
      {
        file: 'scripts/resources.alone.e2e.test.ts',
        test: 'what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures',
      },
    ],
  },
  {
    id: 'LOAD-2',
    surface: '7.4.3 Load scenarios',
    what: 'latency beyond SLO',
    seen: 'client',
    script: 'baseline, peak',
    judged: 'p95 < 2 s; < 5 s',
    proof: [
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'baseline: answers of three seconds miss the response time, and not the success',
      },
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'peak: answers of six seconds miss the response time',
      },
    ],
  },
  {
    id: 'LOAD-3',
    surface: '7.4.3 Load scenarios',
    what: 'errors climb',
    seen: 'client',
    script: 'baseline, peak',
    judged: '99 %; 95 %',
    proof: [
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'baseline: requests that fail miss the success, and not the response time',
      },
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'peak: one chat in five failing misses the success',
      },
    ],
  },
  {
    id: 'LOAD-4',
    surface: '7.4.3 Load scenarios',
    what: 'breaking point, which part first',
    seen: 'client',
    script: 'stress',
    judged: 'errors > 5-10 % or p99 > 15-20 s',
    proof: [
      {
        file: 'scripts/climb.e2e.test.ts',
        test: 'stress: names the step that broke and what gave way, stops climbing, and searches for the rate that holds',
      },
    ],
  },
  {
    id: 'LOAD-5',
    surface: '7.4.3 Load scenarios',
    what: 'cascade instead of orderly decline',
    seen: 'client',
    script: 'stress',
    judged: 'orderly 429/503, no crash',
    proof: [
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
    id: 'LOAD-6',
    surface: '7.4.3 Load scenarios',
    what: 'auto-scaling too slow',
    seen: 'client',
    script: 'spike, agencies',
    judged: 'none; judged: < 5 % errors in the spike',
    proof: [
      {
        file: 'scripts/agencies.long.e2e.test.ts',
        test: 'a target that grows under load serves a burst after a while: the time until then is told',
      },
    ],
  },
  {
    id: 'LOAD-7',
    surface: '7.4.3 Load scenarios',
    what: 'errors in the spike',
    seen: 'client',
    script: 'spike',
    judged: '< 5 %',
    proof: [
      {
        file: 'scripts/climb.e2e.test.ts',
        test: 'spike: a quota that the spike exhausts is found, as an error share and as no recovery',
      },
    ],
  },
  {
    id: 'LOAD-8',
    surface: '7.4.3 Load scenarios',
    what: 'slow recovery',
    seen: 'client',
    script: 'spike, stress',
    judged: 'within 1-2 min; errors in recovery < 1 %',
    proof: [
      {
        file: 'scripts/climb.e2e.test.ts',
        test: 'spike: a quota that the spike exhausts is found, as an error share and as no recovery',
      },
    ],
  },
  {
    id: 'LOAD-9',
    surface: '7.4.3 Load scenarios',
    what: 'memory leaks',
    seen: 'metrics',
    script: 'endurance',
    judged: 'no decline; ours 10 MB/h',
    proof: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'LOAD-10',
    surface: '7.4.3 Load scenarios',
    what: 'connection leaks',
    seen: 'metrics',
    script: 'endurance',
    judged: 'ours 10/h',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'LOAD-11',
    surface: '7.4.3 Load scenarios',
    what: 'slower with log size and the like',
    seen: 'client',
    script: 'endurance',
    judged: 'ours 10 %',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'LOAD-12',
    surface: '7.4.3 Load scenarios',
    what: 'billing queue endless',
    seen: 'metrics',
    script: 'endurance',
    judged: 'bounded',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'LOAD-C1',
    surface: '7.4.3 Load scenarios',
    what: 'async FastAPI',
    seen: 'client',
    script: 'interference',
    judged: '< 1 ms',
    proof: [
      {
        file: 'scripts/bulkhead.long.e2e.test.ts',
        test: 'one event loop for all: the stall while both are well is found and named',
      },
    ],
  },
  {
    id: 'LOAD-C2',
    surface: '7.4.3 Load scenarios',
    what: 'resources depend on deployment',
    seen: 'metrics',
    script: 'fidelity',
    judged: '-',
    proof: [
      {
        file: 'scripts/fidelity.long.e2e.test.ts',
        test: 'a small load three times gives the same, and held against its own record nothing differs; against one of a larger machine nearby, CPUs, runtime and round trip do',
      },
    ],
  },
  {
    id: 'LOAD-C3',
    surface: '7.4.3 Load scenarios',
    what: 'SQLAlchemy pools',
    seen: 'client',
    script: 'contention',
    judged: '-',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: "SQLAlchemy's default pool, GSAi's own: plain calls stop at 15, streams do not, and starve behind calls that hang",
      },
    ],
  },
  {
    id: 'LOAD-C4',
    surface: '7.4.3 Load scenarios',
    what: 'billing in the background',
    seen: 'metrics',
    script: 'endurance',
    judged: '-',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'LOAD-E',
    surface: '7.4.3 Load scenarios',
    what: 'criteria met, quick recovery, no leaks',
    seen: 'client',
    script: 'all five',
    judged: 'plan 7.4.3',
    proof: [
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'baseline: answers of three seconds miss the response time, and not the success',
      },
      {
        file: 'scripts/flaws.long.e2e.test.ts',
        test: 'peak: one chat in five failing misses the success',
      },
      {
        file: 'scripts/climb.e2e.test.ts',
        test: 'stress: names the step that broke and what gave way, stops climbing, and searches for the rate that holds',
      },
      {
        file: 'scripts/climb.e2e.test.ts',
        test: 'spike: a quota that the spike exhausts is found, as an error share and as no recovery',
      },
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'SDK-1',
    surface: '7.4.4 Bedrock and Vertex AI',
    what: 'time-outs and retries untuned',
    seen: 'client',
    script: 'failover',
    judged: '503/504 near the limit (PERF_APP_FASTAPI_TIMEOUT_CONFIG_003)',
    proof: [
      {
        file: 'scripts/failover.long.e2e.test.ts',
        test: 'a gateway without a time-out never gives a silent provider up; with one it does, and keeps the prompt',
      },
    ],
  },
  {
    id: 'SDK-2',
    surface: '7.4.4 Bedrock and Vertex AI',
    what: 'regions',
    seen: 'client',
    script: 'providers',
    judged: 'none; difference with interval',
    proof: [
      {
        file: 'scripts/providers.long.e2e.test.ts',
        test: 'two regions of one model are compared: which is slower, by how much, and whose the difference is',
      },
    ],
  },
  {
    id: 'SDK-3',
    surface: '7.4.4 Bedrock and Vertex AI',
    what: 'quotas',
    seen: 'client',
    script: 'providers',
    judged: '429 passed on, Retry-After',
    proof: [
      {
        file: 'scripts/providers.e2e.test.ts',
        test: 'a quota of one provider is found: how many, hidden behind an empty 200, and no Retry-After',
      },
    ],
  },
  {
    id: 'SDK-4',
    surface: '7.4.4 Bedrock and Vertex AI',
    what: 'adapter of one provider slow',
    seen: 'provider',
    script: 'overhead',
    judged: 'added < 50 ms',
    proof: [
      {
        file: 'scripts/overhead.long.e2e.test.ts',
        test: 'an adapter of one kind of back end that is slow stands apart from the other in the table',
      },
    ],
  },
  {
    id: 'SDK-5',
    surface: '7.4.4 Bedrock and Vertex AI',
    what: 'streaming differs',
    seen: 'client',
    script: 'providers',
    judged: 'none',
    proof: [
      {
        file: 'scripts/providers.e2e.test.ts',
        test: 'a role chunk that the gateway sends by itself is named for both',
      },
      {
        file: 'scripts/providers.e2e.test.ts',
        test: 'a known difference is measured with an interval that holds it; the role chunk of Bedrock is told apart',
      },
    ],
  },
  {
    id: 'SDK-E',
    surface: '7.4.4 Bedrock and Vertex AI',
    what: 'consistent performance',
    seen: 'client',
    script: 'providers',
    judged: 'TTFT p95 < 500 ms each',
    proof: [
      {
        file: 'scripts/providers.long.e2e.test.ts',
        test: 'a model that is slow to begin misses its own limit beside one that is not',
      },
    ],
  },
  {
    id: 'FAILOVER-1',
    surface: '7.4.4 Failover',
    what: 'slow detection',
    seen: 'provider',
    script: 'failover',
    judged: '< 5 s',
    proof: [{ file: 'scripts/failover.e2e.test.ts', test: 'no breaker, retries, and output twice: each is named' }],
  },
  {
    id: 'FAILOVER-2',
    surface: '7.4.4 Failover',
    what: 'decision latency',
    seen: 'provider',
    script: 'failover',
    judged: '< 500 ms',
    proof: [
      {
        file: 'scripts/failover.long.e2e.test.ts',
        test: 'a slow decision, and a prompt that is cut on the way to the other deployment, are named',
      },
    ],
  },
  {
    id: 'FAILOVER-3',
    surface: '7.4.4 Failover',
    what: 'connection to the fallback',
    seen: 'provider',
    script: 'failover',
    judged: '< 500 ms',
    proof: [
      {
        file: 'scripts/failover.long.e2e.test.ts',
        test: 'a slow decision, and a prompt that is cut on the way to the other deployment, are named',
      },
    ],
  },
  {
    id: 'FAILOVER-4',
    surface: '7.4.4 Failover',
    what: 'context lost',
    seen: 'provider',
    script: 'failover',
    judged: '0 (conversation context kept)',
    proof: [
      {
        file: 'scripts/failover.long.e2e.test.ts',
        test: 'a slow decision, and a prompt that is cut on the way to the other deployment, are named',
      },
    ],
  },
  {
    id: 'FAILOVER-5',
    surface: '7.4.4 Failover',
    what: 'thundering herd',
    seen: 'provider',
    script: 'failover',
    judged: 'ours: 4 times the load',
    proof: [{ file: 'scripts/failover.e2e.test.ts', test: 'never fails back, and a herd' }],
  },
  {
    id: 'FAILOVER-E',
    surface: '7.4.4 Failover',
    what: '< 500 ms, little impact',
    seen: 'provider',
    script: 'failover',
    judged: '< 500 ms',
    proof: [
      {
        file: 'scripts/failover.e2e.test.ts',
        test: 'PASS: every fault is switched away from, and the primary comes back into use',
      },
    ],
  },
  {
    id: 'TOKENUSE-1',
    surface: '7.4.5 Token use and batching',
    what: 'tokens added',
    seen: 'provider',
    script: 'cost',
    judged: 'close match (PERF_COST_TOKEN_PROMPT_OVERHEAD_001)',
    proof: [
      {
        file: 'scripts/cost.e2e.test.ts',
        test: 'flaws of the count are found and named: tokens added, no usage, max_tokens ignored, retries, calls that go on',
      },
    ],
  },
  {
    id: 'TOKENUSE-2',
    surface: '7.4.5 Token use and batching',
    what: 'max_tokens not kept',
    seen: 'provider',
    script: 'cost',
    judged: 'completion <= max_tokens',
    proof: [
      {
        file: 'scripts/cost.e2e.test.ts',
        test: 'flaws of the count are found and named: tokens added, no usage, max_tokens ignored, retries, calls that go on',
      },
    ],
  },
  {
    id: 'TOKENUSE-3',
    surface: '7.4.5 Token use and batching',
    what: 'no batching',
    seen: 'provider',
    script: 'cost, embeddings',
    judged: 'batch well below N singles',
    proof: [
      {
        file: 'scripts/embeddings.e2e.test.ts',
        test: 'batches that are split, and vectors in the wrong place, are found and named',
      },
    ],
  },
  {
    id: 'TOKENUSE-4',
    surface: '7.4.5 Token use and batching',
    what: 'retries cost',
    seen: 'provider',
    script: 'cost, failover',
    judged: 'ours: 3 calls',
    proof: [
      {
        file: 'scripts/cost.e2e.test.ts',
        test: 'flaws of the count are found and named: tokens added, no usage, max_tokens ignored, retries, calls that go on',
      },
    ],
  },
  {
    id: 'TOKENUSE-E',
    surface: '7.4.5 Token use and batching',
    what: 'cost-effective',
    seen: 'provider',
    script: 'cost',
    judged: '-',
    proof: [
      {
        file: 'scripts/cost.e2e.test.ts',
        test: 'flaws of the count are found and named: tokens added, no usage, max_tokens ignored, retries, calls that go on',
      },
    ],
  },
  {
    id: 'RESOURCE-1',
    surface: '7.4.5 Resource use',
    what: 'high CPU',
    seen: 'metrics',
    script: 'resources',
    judged: '< 70 % at normal load; linear',
    proof: [
      {
        file: 'scripts/resources.alone.e2e.test.ts',
        test: 'what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures',
      },
    ],
  },
  {
    id: 'RESOURCE-2',
    surface: '7.4.5 Resource use',
    what: 'leaks',
    seen: 'metrics',
    script: 'endurance',
    judged: 'as LOAD-9',
    proof: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'RESOURCE-3',
    surface: '7.4.5 Resource use',
    what: 'DB connections',
    seen: 'metrics',
    script: 'resources',
    judged: 'never exhausted',
    proof: [
      {
        file: 'scripts/resources.alone.e2e.test.ts',
        test: 'what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures',
      },
    ],
  },
  {
    id: 'RESOURCE-4',
    surface: '7.4.5 Resource use',
    what: 'network I/O',
    seen: 'metrics',
    script: 'resources, streams',
    judged: 'none',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'a bandwidth that all streams share is found as what they carry together, and the process is not blamed',
      },
    ],
  },
  {
    id: 'RESOURCE-5',
    surface: '7.4.5 Resource use',
    what: 'logging',
    seen: 'metrics',
    script: 'resources',
    judged: '< 5-10 %',
    proof: [
      {
        file: 'scripts/resources.alone.e2e.test.ts',
        test: 'what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures',
      },
    ],
  },
  {
    id: 'RESOURCE-6',
    surface: '7.4.5 Resource use',
    what: 'billing service',
    seen: 'metrics',
    script: 'resources, interference',
    judged: 'proportionate, no figure',
    proof: [
      {
        file: 'scripts/interference.long.e2e.test.ts',
        test: 'a queue whose writing blocks the loop is found by the same stalls',
      },
    ],
  },
  {
    id: 'RESOURCE-E',
    surface: '7.4.5 Resource use',
    what: 'targets met',
    seen: 'metrics',
    script: 'resources',
    judged: '70 % / 80 %',
    proof: [
      {
        file: 'scripts/resources.alone.e2e.test.ts',
        test: 'what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures',
      },
    ],
  },
  {
    id: 'DATA-1',
    surface: '7.4.6 Test data',
    what: 'too uniform',
    seen: 'client',
    script: 'npm run data',
    judged: '1,000+ prompts, 10K+ texts',
    proof: [
      {
        file: 'tools/commands/data/fit.test.ts',
        test: 'prompts to a profile have its lengths, in tokens, and each its own text',
      },
    ],
  },
  {
    id: 'DATA-2',
    surface: '7.4.6 Test data',
    what: 'no exact sizes',
    seen: 'client',
    script: 'context-window calibrates by usage',
    judged: 'within 5-10 % (PERF_INFRA_DATA_TOKEN_ACCURACY_003)',
    proof: [
      {
        file: 'lib/workload/exact.test.ts',
        test: 'a prompt has exactly as many tokens as were asked for, in every public tokenizer, from 1 token to 30,000',
      },
    ],
  },
  {
    id: 'DATA-E',
    surface: '7.4.6 Test data',
    what: 'representative',
    seen: 'client',
    script: 'data',
    judged: '-',
    proof: [
      {
        file: 'tools/commands/data/fit.test.ts',
        test: 'prompts to a profile have its lengths, in tokens, and each its own text',
      },
      {
        file: 'tools/commands/data/fit.test.ts',
        test: 'a profile holds no text of the log: what its prompts say stays where it is',
      },
    ],
  },
  {
    id: 'MONITOR-1',
    surface: '7.4.6 Monitoring stack',
    what: 'metrics rare or wrong',
    seen: 'metrics',
    script: 'monitoring',
    judged: 'agree within small margins; ours 1 %',
    proof: [
      {
        file: 'scripts/monitoring.long.e2e.test.ts',
        test: 'a page that misses requests, whose durations end at the headers and which is refreshed rarely, traces without the call, and readings that cost are named',
      },
    ],
  },
  {
    id: 'MONITOR-2',
    surface: '7.4.6 Monitoring stack',
    what: 'traces do not reach the provider',
    seen: 'metrics',
    script: 'monitoring',
    judged: 'distinct spans per stage',
    proof: [
      {
        file: 'scripts/monitoring.long.e2e.test.ts',
        test: 'a page that misses requests, whose durations end at the headers and which is refreshed rarely, traces without the call, and readings that cost are named',
      },
    ],
  },
  {
    id: 'MONITOR-3',
    surface: '7.4.6 Monitoring stack',
    what: 'monitoring costs',
    seen: 'client',
    script: 'monitoring',
    judged: 'none; ours 5 %',
    proof: [
      {
        file: 'scripts/monitoring.long.e2e.test.ts',
        test: 'a page that misses requests, whose durations end at the headers and which is refreshed rarely, traces without the call, and readings that cost are named',
      },
    ],
  },
  {
    id: 'MONITOR-E',
    surface: '7.4.6 Monitoring stack',
    what: 'accurate, granular',
    seen: 'metrics',
    script: 'monitoring',
    judged: '-',
    proof: [
      {
        file: 'scripts/monitoring.long.e2e.test.ts',
        test: 'a page that misses requests, whose durations end at the headers and which is refreshed rarely, traces without the call, and readings that cost are named',
      },
    ],
  },
  {
    id: 'ENV-1',
    surface: '7.4.6 Environment',
    what: 'under-resourced',
    seen: 'client',
    script: 'fidelity',
    judged: 'equal or in proportion',
    proof: [
      {
        file: 'scripts/fidelity.long.e2e.test.ts',
        test: 'a small load three times gives the same, and held against its own record nothing differs; against one of a larger machine nearby, CPUs, runtime and round trip do',
      },
    ],
  },
  {
    id: 'ENV-2',
    surface: '7.4.6 Environment',
    what: 'network differs',
    seen: 'client',
    script: 'fidelity',
    judged: 'recorded, no figure',
    proof: [
      {
        file: 'scripts/fidelity.long.e2e.test.ts',
        test: 'a small load three times gives the same, and held against its own record nothing differs; against one of a larger machine nearby, CPUs, runtime and round trip do',
      },
    ],
  },
  {
    id: 'ENV-3',
    surface: '7.4.6 Environment',
    what: 'versions differ',
    seen: 'metrics',
    script: 'fidelity',
    judged: 'documented',
    proof: [
      {
        file: 'scripts/fidelity.long.e2e.test.ts',
        test: 'a small load three times gives the same, and held against its own record nothing differs; against one of a larger machine nearby, CPUs, runtime and round trip do',
      },
    ],
  },
  {
    id: 'ENV-E',
    surface: '7.4.6 Environment',
    what: 'high fidelity',
    seen: 'client',
    script: 'fidelity',
    judged: 'same small load repeatable',
    proof: [
      {
        file: 'scripts/fidelity.long.e2e.test.ts',
        test: 'an environment in which the same load becomes slower from time to time is told: three repeats do not agree',
      },
    ],
  },
  {
    id: 'APP-1',
    surface: 'Application server and framework',
    what: 'one worker',
    seen: 'client',
    script: 'contention',
    judged: 'more workers clearly more RPS',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'one worker whose core is full: all kinds stop together, and even what needs nothing waits',
      },
    ],
  },
  {
    id: 'APP-2',
    surface: 'Application server and framework',
    what: 'CPU-bound work blocks',
    seen: 'client',
    script: 'interference',
    judged: '< 1 ms',
    proof: [
      {
        file: 'scripts/bulkhead.long.e2e.test.ts',
        test: 'one event loop for all: the stall while both are well is found and named',
      },
    ],
  },
  {
    id: 'APP-3',
    surface: 'Application server and framework',
    what: 'memory accumulates',
    seen: 'metrics',
    script: 'endurance',
    judged: 'as LOAD-9',
    proof: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'APP-4',
    surface: 'Application server and framework',
    what: 'middleware stack',
    seen: 'client',
    script: 'pipeline',
    judged: '< 20 ms',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'APP-5',
    surface: 'Application server and framework',
    what: 'async badly used',
    seen: 'client',
    script: 'interference',
    judged: '< 1 ms; < 5 % of request time',
    proof: [
      {
        file: 'scripts/bulkhead.long.e2e.test.ts',
        test: 'one event loop for all: the stall while both are well is found and named',
      },
    ],
  },
  {
    id: 'APP-6',
    surface: 'Application server and framework',
    what: 'no time-out to the provider',
    seen: 'client',
    script: 'failover',
    judged: '503/504 near the limit',
    proof: [
      {
        file: 'scripts/failover.long.e2e.test.ts',
        test: 'a gateway without a time-out never gives a silent provider up; with one it does, and keeps the prompt',
      },
    ],
  },
  {
    id: 'APP-7',
    surface: 'Application server and framework',
    what: 'Uvicorn defaults',
    seen: 'not',
    script: 'contention, streams, balance',
    judged: '-',
    symptom: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'a limit of streams is named with its number; other requests are let in',
      },
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'one worker whose core is full: all kinds stop together, and even what needs nothing waits',
      },
    ],
  },
  {
    id: 'APP-8',
    surface: 'Application server and framework',
    what: 'connection limits',
    seen: 'client',
    script: 'streams',
    judged: '1,000+',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'a limit of streams is named with its number; other requests are let in',
      },
    ],
  },
  {
    id: 'APP-9',
    surface: 'Application server and framework',
    what: 'event loop',
    seen: 'client',
    script: 'interference',
    judged: '< 1 ms',
    proof: [
      {
        file: 'scripts/bulkhead.long.e2e.test.ts',
        test: 'one event loop for all: the stall while both are well is found and named',
      },
    ],
  },
  {
    id: 'APP-10',
    surface: 'Application server and framework',
    what: 'slow start',
    seen: 'operator',
    script: 'restart',
    judged: '< 5-10 s; cold start < 30 s',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'APP-11',
    surface: 'Application server and framework',
    what: 'shutdown',
    seen: 'operator',
    script: 'restart',
    judged: 'finished within the grace period',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'APP-12',
    surface: 'Application server and framework',
    what: 'billing worker disturbs',
    seen: 'client',
    script: 'interference',
    judged: 'latency unaffected',
    proof: [
      {
        file: 'scripts/interference.long.e2e.test.ts',
        test: 'a queue whose writing blocks the loop is found by the same stalls',
      },
    ],
  },
  {
    id: 'APP-C1',
    surface: 'Application server and framework',
    what: 'Dockerfile: one worker',
    seen: 'client',
    script: 'contention',
    judged: '-',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'one worker whose core is full: all kinds stop together, and even what needs nothing waits',
      },
    ],
  },
  {
    id: 'APP-C2',
    surface: 'Application server and framework',
    what: 'lifespan, background tasks',
    seen: 'operator',
    script: 'restart',
    judged: '-',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'APP-C3',
    surface: 'Application server and framework',
    what: 'StreamingResponse',
    seen: 'provider',
    script: 'overhead',
    judged: '-',
    proof: [
      {
        file: 'scripts/streaming.e2e.test.ts',
        test: 'a slow model, stalls of the provider, heaps, and whole answers that are held are found and named',
      },
    ],
  },
  {
    id: 'APP-C4',
    surface: 'Application server and framework',
    what: 'StructlogMiddleware',
    seen: 'client',
    script: 'pipeline',
    judged: '-',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'APP-E',
    surface: 'Application server and framework',
    what: 'efficient server',
    seen: 'client',
    script: 'contention, interference, pipeline',
    judged: '-',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'one worker whose core is full: all kinds stop together, and even what needs nothing waits',
      },
      {
        file: 'scripts/interference.long.e2e.test.ts',
        test: 'a model list that blocks the loop is named',
      },
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'DB-1',
    surface: 'Database',
    what: 'pool exhausted at peak',
    seen: 'client',
    script: 'contention',
    judged: 'never exhausted',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: "SQLAlchemy's default pool, GSAi's own: plain calls stop at 15, streams do not, and starve behind calls that hang",
      },
    ],
  },
  {
    id: 'DB-2',
    surface: 'Database',
    what: 'pool not fit for async',
    seen: 'client',
    script: 'contention',
    judged: 'none',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: "SQLAlchemy's default pool, GSAi's own: plain calls stop at 15, streams do not, and starve behind calls that hang",
      },
    ],
  },
  {
    id: 'DB-3',
    surface: 'Database',
    what: 'connection leaks',
    seen: 'client',
    script: 'contention (after hang-ups), endurance',
    judged: 'no leak',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'hang-ups whose places are not given back are found by what is left afterwards',
      },
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'DB-4',
    surface: 'Database',
    what: 'key look-ups slow',
    seen: 'client',
    script: 'contention, pipeline',
    judged: 'p95 < 20 ms',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'look-ups of keys that wait for a small pool have one rate for all kinds, and the process is free',
      },
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'DB-5',
    surface: 'Database',
    what: 'billing writes contend',
    seen: 'metrics',
    script: 'contention',
    judged: 'little, no figure',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'billing that is written within the request, one record after the other, is found by what has to be billed alone',
      },
    ],
  },
  {
    id: 'DB-6',
    surface: 'Database',
    what: 'missing index',
    seen: 'operator',
    script: 'pipeline with API_KEYS_FILE of 10 and 100,000',
    judged: 'mean < 1-2 ms',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'a column without an index: the look-up of a key grows with the number of keys, and an index takes it back by more than half',
      },
    ],
  },
  {
    id: 'DB-7',
    surface: 'Database',
    what: 'session creation',
    seen: 'client',
    script: 'pipeline',
    judged: '< 5 ms',
    proof: [
      {
        file: 'scripts/pipeline.long.e2e.test.ts',
        test: 'a session of the database that takes nine milliseconds is within the look-up of a key, and too long for what comes before the work',
      },
    ],
  },
  {
    id: 'DB-8',
    surface: 'Database',
    what: 'session clean-up',
    seen: 'client',
    script: 'contention',
    judged: '-',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'a place that is held after its request is found by kinds that take different times',
      },
    ],
  },
  {
    id: 'DB-9',
    surface: 'Database',
    what: 'roll-back, consistency',
    seen: 'client',
    script: 'contention (hang-ups)',
    judged: '0',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'keys that hang-ups leave broken are found by the requests that fail after them',
      },
    ],
  },
  {
    id: 'DB-10',
    surface: 'Database',
    what: 'PostgreSQL settings',
    seen: 'not',
    script: 'compare (two runs)',
    judged: '-',
    symptom: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'statements that are printed, or a log that says more, make the same load slower: compare says by how much and fails the build',
      },
    ],
  },
  {
    id: 'DB-11',
    surface: 'Database',
    what: 'queries not optimised',
    seen: 'operator',
    script: 'pipeline, compare',
    judged: '50-80 % faster after',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'a column without an index: the look-up of a key grows with the number of keys, and an index takes it back by more than half',
      },
    ],
  },
  {
    id: 'DB-12',
    surface: 'Database',
    what: 'statement echo',
    seen: 'operator',
    script: 'compare (two runs)',
    judged: 'off in production; no figure',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'statements that are printed, or a log that says more, make the same load slower: compare says by how much and fails the build',
      },
    ],
  },
  {
    id: 'DB-C1',
    surface: 'Database',
    what: 'sessions by dependency',
    seen: 'client',
    script: 'pipeline',
    judged: '-',
    proof: [
      {
        file: 'scripts/pipeline.long.e2e.test.ts',
        test: 'a session of the database that takes nine milliseconds is within the look-up of a key, and too long for what comes before the work',
      },
    ],
  },
  {
    id: 'DB-C2',
    surface: 'Database',
    what: 'echo setting',
    seen: 'operator',
    script: 'compare',
    judged: '-',
    proof: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'statements that are printed, or a log that says more, make the same load slower: compare says by how much and fails the build',
      },
    ],
  },
  {
    id: 'DB-C3',
    surface: 'Database',
    what: 'hash look-up',
    seen: 'client',
    script: 'pipeline',
    judged: '-',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'DB-C4',
    surface: 'Database',
    what: 'development PostgreSQL',
    seen: 'metrics',
    script: 'fidelity',
    judged: '-',
    proof: [
      {
        file: 'scripts/fidelity.long.e2e.test.ts',
        test: 'pages of the containers and of the database: what runs there is listed, limits that are not set are told, and another version than in the record is named',
      },
    ],
  },
  {
    id: 'DB-E',
    surface: 'Database',
    what: 'fast and scalable',
    seen: 'client',
    script: 'contention',
    judged: '-',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: "SQLAlchemy's default pool, GSAi's own: plain calls stop at 15, streams do not, and starve behind calls that hang",
      },
    ],
  },
  {
    id: 'MEM-1',
    surface: 'Memory',
    what: 'billing queue',
    seen: 'metrics',
    script: 'endurance',
    judged: 'bounded',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'MEM-2',
    surface: 'Memory',
    what: 'provider connections',
    seen: 'metrics',
    script: 'endurance',
    judged: 'ours 10/h',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'connections to the providers that are not given back, by models in turn, are found as sockets that only grow, with how many for 1,000 requests',
      },
    ],
  },
  {
    id: 'MEM-3',
    surface: 'Memory',
    what: 'context variables',
    seen: 'metrics',
    script: 'endurance',
    judged: '10 MB/h',
    proof: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'MEM-4',
    surface: 'Memory',
    what: 'generators after streaming',
    seen: 'metrics',
    script: 'streams',
    judged: 'stable',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'answers of another request, calls that go on after a hang-up, and memory that hang-ups keep are counted',
      },
    ],
  },
  {
    id: 'MEM-5',
    surface: 'Memory',
    what: 'spikes',
    seen: 'metrics',
    script: 'context-window',
    judged: '< 80 %',
    proof: [
      {
        file: 'scripts/context-window.long.e2e.test.ts',
        test: 'memory that large prompts keep is found, by the thousand tokens',
      },
    ],
  },
  {
    id: 'MEM-6',
    surface: 'Memory',
    what: 'string concatenation',
    seen: 'provider',
    script: 'overhead, streaming',
    judged: '< 20 ms a chunk',
    proof: [
      {
        file: 'scripts/streaming.long.e2e.test.ts',
        test: 'a stream that slows down along its way, by what each chunk costs the gateway, is named',
      },
    ],
  },
  {
    id: 'MEM-7',
    surface: 'Memory',
    what: 'JSON of large bodies',
    seen: 'client',
    script: 'pipeline',
    judged: '-',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'MEM-8',
    surface: 'Memory',
    what: 'GC pauses',
    seen: 'client',
    script: 'interference (streams alone), resources',
    judged: 'none visible in p99',
    proof: [
      {
        file: 'scripts/interference.long.e2e.test.ts',
        test: 'a background task is found by stalls with no request at fault',
      },
    ],
  },
  {
    id: 'MEM-9',
    surface: 'Memory',
    what: 'small objects',
    seen: 'metrics',
    script: 'resources',
    judged: 'none',
    proof: [
      {
        file: 'scripts/resources.alone.e2e.test.ts',
        test: 'what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures',
      },
    ],
  },
  {
    id: 'MEM-10',
    surface: 'Memory',
    what: 'large objects',
    seen: 'metrics',
    script: 'context-window',
    judged: 'back to baseline',
    proof: [
      {
        file: 'scripts/context-window.long.e2e.test.ts',
        test: 'memory that large prompts keep is found, by the thousand tokens',
      },
    ],
  },
  {
    id: 'MEM-11',
    surface: 'Memory',
    what: 'SDK clean-up late',
    seen: 'metrics',
    script: 'endurance',
    judged: '-',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'connections to the providers that are not given back, by models in turn, are found as sockets that only grow, with how many for 1,000 requests',
      },
    ],
  },
  {
    id: 'MEM-12',
    surface: 'Memory',
    what: 'DB sessions',
    seen: 'metrics',
    script: 'endurance',
    judged: '-',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'MEM-13',
    surface: 'Memory',
    what: 'log objects',
    seen: 'metrics',
    script: 'endurance',
    judged: '-',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'MEM-C1',
    surface: 'Memory',
    what: 'billing queue',
    seen: 'metrics',
    script: 'endurance',
    judged: '-',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'MEM-C2',
    surface: 'Memory',
    what: 'async generators',
    seen: 'metrics',
    script: 'streams',
    judged: '-',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'answers of another request, calls that go on after a hang-up, and memory that hang-ups keep are counted',
      },
    ],
  },
  {
    id: 'MEM-C3',
    surface: 'Memory',
    what: 'context variables',
    seen: 'metrics',
    script: 'endurance',
    judged: '-',
    proof: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'MEM-C4',
    surface: 'Memory',
    what: 'lifespan',
    seen: 'operator',
    script: 'restart',
    judged: '-',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'MEM-E',
    surface: 'Memory',
    what: 'stable memory',
    seen: 'metrics',
    script: 'endurance',
    judged: '-',
    proof: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'CACHE-1',
    surface: 'Caches',
    what: 'lru_cache grows',
    seen: 'not',
    script: 'endurance (memory)',
    judged: '-',
    symptom: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'CACHE-2',
    surface: 'Caches',
    what: 'misses reload',
    seen: 'client',
    script: 'caching',
    judged: '< 50-100 ms first call',
    proof: [
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
    ],
  },
  {
    id: 'CACHE-3',
    surface: 'Caches',
    what: 'invalidation',
    seen: 'operator',
    script: 'caching while the operator changes a setting',
    judged: '< 5 ms',
    proof: [
      {
        file: 'scripts/caching.long.e2e.test.ts',
        test: 'what is kept for too short a time is found by the repeats that pay as a first',
      },
    ],
  },
  {
    id: 'CACHE-4',
    surface: 'Caches',
    what: 'backend_map',
    seen: 'not',
    script: 'caching',
    judged: '-',
    symptom: [
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
    ],
  },
  {
    id: 'CACHE-5',
    surface: 'Caches',
    what: 'validation on misses',
    seen: 'client',
    script: 'pipeline (unknown model)',
    judged: 'none',
    proof: [
      {
        file: 'scripts/pipeline.long.e2e.test.ts',
        test: 'a model that is not known costs its look-up too, and the stage is told with its time',
      },
    ],
  },
  {
    id: 'CACHE-6',
    surface: 'Caches',
    what: 'registration changes',
    seen: 'operator',
    script: 'pipeline',
    judged: 'consistent',
    proof: [
      {
        file: 'scripts/pipeline.long.e2e.test.ts',
        test: 'a model that is registered in the middle of the load: lists that are old after the first new one are told with how many and for how long',
      },
    ],
  },
  {
    id: 'CACHE-7',
    surface: 'Caches',
    what: 'poor hit ratio',
    seen: 'client',
    script: 'caching',
    judged: 'none',
    proof: [
      {
        file: 'scripts/caching.long.e2e.test.ts',
        test: 'what is kept for too short a time is found by the repeats that pay as a first',
      },
    ],
  },
  {
    id: 'CACHE-8',
    surface: 'Caches',
    what: 'too small',
    seen: 'client',
    script: 'caching',
    judged: 'none',
    proof: [
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
    ],
  },
  {
    id: 'CACHE-9',
    surface: 'Caches',
    what: 'warming',
    seen: 'operator',
    script: 'restart',
    judged: 'cold start < 30 s',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'CACHE-C1',
    surface: 'Caches',
    what: 'lru_cache',
    seen: 'not',
    script: 'endurance (memory)',
    judged: '-',
    symptom: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'CACHE-C2',
    surface: 'Caches',
    what: 'model look-up',
    seen: 'client',
    script: 'pipeline',
    judged: '-',
    proof: [
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
    ],
  },
  {
    id: 'CACHE-C3',
    surface: 'Caches',
    what: 'backend_map',
    seen: 'not',
    script: 'caching',
    judged: '-',
    symptom: [
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
    ],
  },
  {
    id: 'CACHE-E',
    surface: 'Caches',
    what: 'high hit ratio',
    seen: 'client',
    script: 'caching',
    judged: '-',
    proof: [
      {
        file: 'scripts/caching.e2e.test.ts',
        test: 'models that are looked up again, keys whose first request pays, and prefixes that are kept are found and named',
      },
    ],
  },
  {
    id: 'MW-1',
    surface: 'Middleware',
    what: 'every request slower',
    seen: 'client',
    script: 'pipeline',
    judged: '< 20 ms',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'MW-2',
    surface: 'Middleware',
    what: 'context binding',
    seen: 'not',
    script: 'pipeline (sum)',
    judged: '-',
    symptom: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'MW-3',
    surface: 'Middleware',
    what: 'log formatting',
    seen: 'client',
    script: 'pipeline',
    judged: '-',
    proof: [
      {
        file: 'scripts/pipeline.long.e2e.test.ts',
        test: 'a log that is formatted for each KB is found by the bodies: what a large one costs grows with its size',
      },
    ],
  },
  {
    id: 'MW-4',
    surface: 'Middleware',
    what: 'duration measured',
    seen: 'not',
    script: 'pipeline (sum)',
    judged: '-',
    symptom: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'MW-5',
    surface: 'Middleware',
    what: 'precise timing',
    seen: 'not',
    script: 'pipeline (sum)',
    judged: '-',
    symptom: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'MW-6',
    surface: 'Middleware',
    what: 'timing data kept',
    seen: 'metrics',
    script: 'endurance',
    judged: '-',
    proof: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'MW-7',
    surface: 'Middleware',
    what: 'context made and freed',
    seen: 'not',
    script: 'pipeline (sum)',
    judged: '-',
    symptom: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'MW-8',
    surface: 'Middleware',
    what: 'context through awaits',
    seen: 'not',
    script: 'pipeline (sum)',
    judged: '-',
    symptom: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'MW-9',
    surface: 'Middleware',
    what: 'context kept',
    seen: 'metrics',
    script: 'endurance',
    judged: '-',
    proof: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'MW-10',
    surface: 'Middleware',
    what: 'layers add up',
    seen: 'client',
    script: 'pipeline',
    judged: '< 20 ms',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'MW-11',
    surface: 'Middleware',
    what: 'synchronous middleware',
    seen: 'client',
    script: 'interference',
    judged: '< 1 ms',
    proof: [
      {
        file: 'scripts/interference.long.e2e.test.ts',
        test: 'a model list that blocks the loop is named',
      },
    ],
  },
  {
    id: 'MW-12',
    surface: 'Middleware',
    what: 'errors slow',
    seen: 'client',
    script: 'pipeline',
    judged: '< 10 ms',
    proof: [
      {
        file: 'scripts/pipeline.long.e2e.test.ts',
        test: 'errors that are slow to make are told from slow middleware: only refusals cost it',
      },
    ],
  },
  {
    id: 'MW-C1',
    surface: 'Middleware',
    what: 'StructlogMiddleware',
    seen: 'client',
    script: 'pipeline',
    judged: '-',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'MW-C2',
    surface: 'Middleware',
    what: 'logging context',
    seen: 'metrics',
    script: 'endurance',
    judged: '-',
    proof: [
      {
        file: 'scripts/endurance.e2e.test.ts',
        test: 'a gateway that leaks fails, and the leak is told in words to act on',
      },
    ],
  },
  {
    id: 'MW-C3',
    surface: 'Middleware',
    what: 'registration',
    seen: 'client',
    script: 'pipeline',
    judged: '-',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'MW-E',
    surface: 'Middleware',
    what: 'minimal overhead',
    seen: 'client',
    script: 'pipeline, overhead',
    judged: '< 20 ms',
    proof: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'INFRA-1',
    surface: 'Container and infrastructure',
    what: 'CPU limit',
    seen: 'metrics',
    script: 'resources, pipeline',
    judged: '< 70 %',
    proof: [
      {
        file: 'scripts/resources.long.e2e.test.ts',
        test: 'a container that its CPU limit keeps from running is told with the share of the time that it stood still',
      },
    ],
  },
  {
    id: 'INFRA-2',
    surface: 'Container and infrastructure',
    what: 'OOM',
    seen: 'metrics',
    script: 'peak, baseline, endurance, resources',
    judged: '< 80 %',
    proof: [
      {
        file: 'lib/findings/growth.test.ts',
        test: 'OutOfMemoryWasNotNamed: a process that ends in mid-run and comes back is told with the memory that it had',
      },
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a process that is ended in the middle of the load and started anew is named, with the memory that it had',
      },
    ],
  },
  {
    id: 'INFRA-3',
    surface: 'Container and infrastructure',
    what: 'bandwidth',
    seen: 'client',
    script: 'streams',
    judged: '-',
    proof: [
      {
        file: 'scripts/streams.long.e2e.test.ts',
        test: 'a bandwidth that all streams share is found as what they carry together, and the process is not blamed',
      },
    ],
  },
  {
    id: 'INFRA-4',
    surface: 'Container and infrastructure',
    what: 'one worker',
    seen: 'client',
    script: 'contention',
    judged: '-',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'one worker whose core is full: all kinds stop together, and even what needs nothing waits',
      },
    ],
  },
  {
    id: 'INFRA-5',
    surface: 'Container and infrastructure',
    what: 'base image, start',
    seen: 'operator',
    script: 'restart',
    judged: '< 5-10 s',
    proof: [
      {
        file: 'scripts/restart.long.e2e.test.ts',
        test: 'a stop that cuts what is under way, a cold start, and first requests that all make their own preparation are named',
      },
    ],
  },
  {
    id: 'INFRA-6',
    surface: 'Container and infrastructure',
    what: 'image not made for Python',
    seen: 'not',
    script: 'compare (two images)',
    judged: '-',
    symptom: [
      {
        file: 'scripts/compare.long.e2e.test.ts',
        test: 'statements that are printed, or a log that says more, make the same load slower: compare says by how much and fails the build',
      },
    ],
  },
  {
    id: 'INFRA-7',
    surface: 'Container and infrastructure',
    what: 'container network',
    seen: 'provider',
    script: 'overhead, fidelity',
    judged: 'recorded',
    proof: [
      {
        file: 'scripts/overhead.long.e2e.test.ts',
        test: 'a connection that each call opens anew is found as time before the provider has the request',
      },
    ],
  },
  {
    id: 'INFRA-8',
    surface: 'Container and infrastructure',
    what: 'network policy',
    seen: 'client',
    script: 'overhead and each script that reads the provider',
    judged: '-',
    proof: [
      {
        file: 'scripts/overhead.long.e2e.test.ts',
        test: 'a gateway that the network keeps from its provider: the provider was never asked, how soon requests fail, and where to look',
      },
    ],
  },
  {
    id: 'INFRA-9',
    surface: 'Container and infrastructure',
    what: 'DNS',
    seen: 'provider',
    script: 'overhead (first against kept connection)',
    judged: '-',
    proof: [
      {
        file: 'scripts/overhead.long.e2e.test.ts',
        test: 'a connection that each call opens anew is found as time before the provider has the request',
      },
    ],
  },
  {
    id: 'INFRA-10',
    surface: 'Container and infrastructure',
    what: 'log volume',
    seen: 'operator',
    script: 'endurance, compare',
    judged: '-',
    proof: [
      {
        file: 'scripts/endurance.long.e2e.test.ts',
        test: 'a queue that grows, sockets, threads and database connections that are never given back, and answers that become slower are each named with their rate',
      },
    ],
  },
  {
    id: 'INFRA-11',
    surface: 'Container and infrastructure',
    what: 'temporary files',
    seen: 'not',
    script: 'pipeline (body size)',
    judged: '-',
    symptom: [
      {
        file: 'scripts/pipeline.e2e.test.ts',
        test: 'a slow look-up of keys, slow middleware, and parsing that grows faster than the body are told apart and named',
      },
    ],
  },
  {
    id: 'INFRA-C1',
    surface: 'Container and infrastructure',
    what: 'Dockerfile',
    seen: 'client',
    script: 'contention',
    judged: '-',
    proof: [
      {
        file: 'scripts/contention.long.e2e.test.ts',
        test: 'one worker whose core is full: all kinds stop together, and even what needs nothing waits',
      },
    ],
  },
  {
    id: 'INFRA-C2',
    surface: 'Container and infrastructure',
    what: 'docker-compose',
    seen: 'metrics',
    script: 'fidelity',
    judged: '-',
    proof: [
      {
        file: 'scripts/fidelity.long.e2e.test.ts',
        test: 'pages of the containers and of the database: what runs there is listed, limits that are not set are told, and another version than in the record is named',
      },
    ],
  },
  {
    id: 'INFRA-C3',
    surface: 'Container and infrastructure',
    what: 'no limits set',
    seen: 'metrics',
    script: 'fidelity',
    judged: '-',
    proof: [
      {
        file: 'scripts/fidelity.long.e2e.test.ts',
        test: 'pages of the containers and of the database: what runs there is listed, limits that are not set are told, and another version than in the record is named',
      },
    ],
  },
  {
    id: 'INFRA-E',
    surface: 'Container and infrastructure',
    what: 'right resources',
    seen: 'metrics',
    script: 'resources, fidelity',
    judged: '70 % / 80 %',
    proof: [
      {
        file: 'scripts/resources.alone.e2e.test.ts',
        test: 'what a request costs in CPU, log and garbage, connections that never came back and a queue that stays full are named with their figures',
      },
    ],
  },
];
