import type { MetricDef } from 'k6/x/sse';

/** Where the values of a metric come from: one of these, and who makes them. */
export type Source =
  /** Go, when a request is settled: each formula stands in xk6-sse/measure.go under this name. */
  | { from: 'request'; value: NonNullable<MetricDef['measured']> }
  /** Go, when a request is settled: each gap between two content-bearing events. */
  | { from: 'gaps' }
  /** Go, when a request starts or is cut off by the test's end: it counts itself. */
  | { from: 'count'; when: NonNullable<MetricDef['on']> }
  /** Go, twice a second while the load runs; in k6's outputs alone. */
  | { from: 'pulse'; value: NonNullable<MetricDef['pulse']> }
  /** The script, when it books an answer or ends. */
  | { from: 'script' }
  /** The script after the load, from the notes of the requests and the simulated provider's record of them. */
  | { from: 'truth' }
  /** A page of METRICS_URLS. */
  | { from: 'page' };

/**
 * The one table of metrics: names, units, types, meanings, and where the values come from. k6's metrics are registered
 * from it, objectives are checked against it, and the metrics of the documentation are made from it (`npm run params`).
 */
export interface Metric extends Pick<MetricDef, 'type' | 'time' | 'timeline' | 'batches'> {
  source: Source;
  unit:
    | 'ms'
    | 'requests'
    | 'requests/s'
    | 'tokens'
    | 'tokens/s'
    | 'tokens/chunk'
    | 'share'
    | 'count'
    | 'USD'
    | 'cores'
    | 'bytes'
    | 'per second'
    | 'bytes/s';
  meaning: string;
}

const ms = { type: 'trend', time: true, unit: 'ms' } as const;
/** Kept in equal stretches of time too, for intervals that hold although values depend on each other. */
const stretches = { batches: true } as const;
const request = <V extends NonNullable<MetricDef['measured']>>(value: V) =>
  ({ source: { from: 'request', value } }) as const;
const pulse = <V extends NonNullable<MetricDef['pulse']>>(value: V) => ({ source: { from: 'pulse', value } }) as const;
const script = { source: { from: 'script' } } as const;
const truth = { source: { from: 'truth' } } as const;
const page = { source: { from: 'page' } } as const;

export const metrics = {
  llm_ttfb: { ...ms, ...request('ttfb'), meaning: 'request sent to first body byte' },
  llm_first_chunk: {
    ...ms,
    ...request('firstChunk'),
    meaning: 'request sent to first SSE data event of any kind',
  },
  llm_ttft: {
    ...ms,
    ...request('ttft'),
    timeline: true,
    ...stretches,
    meaning: 'time to first token: request sent to first event with non-empty content, reasoning or tool-call delta',
  },
  llm_ttft_connect: {
    ...ms,
    ...request('ttftConnect'),
    meaning:
      'ttft with the new connection (TCP and TLS) that the request waited for, where it needed one: what its user waited from the moment at which the request was begun',
  },
  llm_ttfo: {
    ...ms,
    ...request('ttfo'),
    ...stretches,
    meaning: 'request sent to first non-empty content delta that is not reasoning',
  },
  llm_inter_chunk: {
    ...ms,
    source: { from: 'gaps' },
    ...stretches,
    meaning: 'gap between two successive content-bearing events',
  },
  llm_e2e: {
    ...ms,
    ...request('e2e'),
    timeline: true,
    ...stretches,
    meaning: 'request sent to last content-bearing event (or last body byte of a plain answer)',
  },
  llm_tpot: {
    ...ms,
    ...request('tpot'),
    ...stretches,
    meaning: 'time per output token: (e2e - ttft) / (streamed output tokens - 1), from 2 tokens on',
  },
  llm_tokens_per_second: {
    type: 'trend',
    ...request('tokensPerSecond'),
    unit: 'tokens/s',
    ...stretches,
    meaning: "one user's rate after the first token: (streamed output tokens - 1) / (e2e - ttft)",
  },
  llm_tokens_per_chunk: {
    type: 'trend',
    ...request('tokensPerChunk'),
    unit: 'tokens/chunk',
    meaning: 'streamed output tokens / content-bearing events; above 1 is coalescing',
  },
  llm_connect: {
    ...ms,
    ...request('connect'),
    meaning: 'TCP and TLS set-up of a new connection, apart from all the others',
  },
  llm_queue: { ...ms, ...request('queue'), meaning: 'how late the request was sent, against its schedule' },
  llm_e2e_scheduled: {
    ...ms,
    ...request('e2eScheduled'),
    timeline: true,
    ...stretches,
    meaning:
      'e2e from when the request was due: what it waited because no user was free counts, and a new connection; the time by which the generator itself was late does not. Objectives about llm_e2e are judged by it (no coordinated omission)',
  },
  llm_ttft_scheduled: {
    ...ms,
    ...request('ttftScheduled'),
    timeline: true,
    ...stretches,
    meaning: 'ttft from when the request was due, as llm_e2e_scheduled. Objectives about llm_ttft are judged by it',
  },
  llm_prompt_tokens: {
    type: 'trend',
    ...request('promptTokens'),
    unit: 'tokens',
    ...stretches,
    meaning: "prompt tokens by the server's usage",
  },
  llm_completion_tokens: {
    type: 'trend',
    ...request('completionTokens'),
    unit: 'tokens',
    ...stretches,
    meaning: "output tokens by the server's usage, reasoning included",
  },
  llm_reasoning_tokens: {
    type: 'trend',
    ...request('reasoningTokens'),
    unit: 'tokens',
    meaning: "output tokens that were reasoning, by the server's usage; absent where it does not say",
  },
  llm_cached_tokens: {
    type: 'trend',
    ...request('cachedTokens'),
    unit: 'tokens',
    meaning: "prompt tokens that came from a cache, by the server's usage; absent where it does not say",
  },
  llm_goodput: {
    type: 'rate',
    ...request('goodput'),
    unit: 'share',
    ...stretches,
    meaning: 'share of the requests that met every objective; failed requests count as not met',
  },
  llm_stream_error: {
    type: 'rate',
    ...request('failed'),
    unit: 'share',
    ...stretches,
    meaning: 'share of the requests that did not end well; the tag outcome says how',
  },
  llm_started: {
    type: 'counter',
    unit: 'count',
    source: { from: 'count', when: 'start' },
    meaning: 'requests started',
  },
  llm_finished: {
    type: 'counter',
    ...request('ended'),
    unit: 'count',
    meaning: 'requests that ended; the tag outcome says how',
  },
  llm_embeddings: { type: 'counter', ...request('counted'), unit: 'count', meaning: 'texts embedded' },
  llm_overhead_ttft: {
    ...ms,
    ...truth,
    meaning: "the client's time to first token less the provider's own: what the gateway adds; needs PROVIDER_URL",
  },
  llm_overhead_chunk: {
    ...ms,
    ...truth,
    meaning: "from the provider's write of a content chunk to its arrival at the client; needs PROVIDER_URL",
  },
  llm_cost_usd: {
    type: 'trend',
    ...script,
    unit: 'USD',
    meaning: 'price of a request, by its usage and the table PRICES; a model without a price has none',
  },
  llm_cost_input_usd: {
    type: 'trend',
    ...script,
    unit: 'USD',
    meaning: 'the part of llm_cost_usd that is for the prompt',
  },
  llm_session_time: {
    ...ms,
    ...script,
    meaning:
      "a whole conversation, from its first request to the end of its last answer, with its user's pauses (sessions)",
  },
  llm_session_turns: {
    type: 'trend',
    ...script,
    unit: 'count',
    meaning: 'requests of a whole conversation (sessions)',
  },
  llm_session_prompt_tokens: {
    type: 'trend',
    ...script,
    unit: 'tokens',
    meaning: 'prompt tokens of a whole conversation by the usage: what was sent before is sent again (sessions)',
  },
  llm_session_cached_tokens: {
    type: 'trend',
    ...script,
    unit: 'tokens',
    meaning: 'of these, what came from a cache; absent where the usage never says (sessions)',
  },
  llm_session_cost_usd: {
    type: 'trend',
    ...script,
    unit: 'USD',
    meaning: 'price of a whole conversation, by the usage and the table PRICES (sessions)',
  },
  llm_verdict: {
    type: 'counter',
    ...script,
    unit: 'count',
    meaning: '1, with the tag verdict (PASS, FAIL or INVALID); written once, at the end',
  },
  llm_wanted_rate: {
    type: 'trend',
    unit: 'requests/s',
    ...pulse('wantedRate'),
    meaning: 'the rate that the schedule wants; measured twice a second',
  },
  llm_in_flight: {
    type: 'gauge',
    unit: 'requests',
    ...pulse('inFlight'),
    meaning: 'requests whose answers have not ended; measured twice a second',
  },
  llm_generator_cpu: {
    type: 'gauge',
    unit: 'share',
    ...pulse('cpu'),
    meaning: "k6's own share of all CPUs over the last second; measured twice a second",
  },
  llm_objectives_missed: {
    type: 'counter',
    ...script,
    unit: 'count',
    meaning: 'objectives that the target missed; written once, at the end',
  },
  target_cpu: {
    type: 'trend',
    ...page,
    unit: 'cores',
    meaning:
      'CPU time that the target used for each second: 1 is one core busy; needs METRICS_URLS, as all of target_*',
  },
  target_memory: { type: 'trend', ...page, unit: 'bytes', meaning: 'resident memory of the target' },
  target_heap: {
    type: 'trend',
    ...page,
    unit: 'bytes',
    meaning: 'heap in use, if the page has it (Go, Node)',
  },
  target_files: {
    type: 'trend',
    ...page,
    unit: 'count',
    meaning: 'open file descriptors of the target, sockets among them',
  },
  target_sockets: {
    type: 'trend',
    ...page,
    unit: 'count',
    meaning: 'open sockets of the target; the page of npm run sampler has them',
  },
  target_threads: { type: 'trend', ...page, unit: 'count', meaning: 'threads of the target' },
  target_tasks: { type: 'trend', ...page, unit: 'count', meaning: 'goroutines of the target' },
  target_in_flight: {
    type: 'trend',
    ...page,
    unit: 'requests',
    meaning: 'requests under way in the target, as it counts them',
  },
  target_loop_lag: {
    ...ms,
    ...page,
    meaning: "p99 of the delay of the target's event loop since the last reading (Node)",
  },
  target_collections: {
    type: 'trend',
    ...page,
    unit: 'per second',
    meaning: 'garbage collections of the target in each second (Go, Node, Python, JVM)',
  },
  target_collecting: {
    type: 'trend',
    ...page,
    unit: 'share',
    meaning: 'share of the time that went to garbage collections (Go, Node, JVM)',
  },
  target_throttled: {
    type: 'trend',
    ...page,
    unit: 'share',
    meaning:
      'share of the time in which the target was kept from running, as it had used the CPU that its container may use',
  },
  target_connections: { type: 'trend', ...page, unit: 'count', meaning: 'connections of a database in use' },
  target_queue: { type: 'trend', ...page, unit: 'count', meaning: 'what waits in queues of the target' },
  target_log: { type: 'trend', ...page, unit: 'bytes/s', meaning: 'bytes that the target writes to its log' },
  target_received: { type: 'trend', ...page, unit: 'bytes/s', meaning: 'bytes that the target receives' },
  target_sent: { type: 'trend', ...page, unit: 'bytes/s', meaning: 'bytes that the target sends' },
  target_requests: {
    type: 'trend',
    ...page,
    unit: 'per second',
    meaning: 'requests that the target has answered, as it counts them',
  },
  target_busy: {
    type: 'trend',
    ...page,
    unit: 'per second',
    meaning: 'seconds that requests took in each second, as the target counts them: with target_requests their mean',
  },
} as const satisfies Record<string, Metric>;

/** Gaps of one stream that become k6 samples; the histogram has all of them. */
export const gapSamples = 4;

export type MetricName = keyof typeof metrics;

/** What is read from the target's own pages: no request has it. */
export type TargetMetric = Extract<MetricName, `target_${string}`>;

/** Whether the table has a metric of this name. */
export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(metrics, name);
}

/** The table as the Go module wants it, with the limits whose sides it must count exactly. */
export function metricDefs(bounds: ReadonlyMap<string, readonly number[]>): MetricDef[] {
  return Object.entries<Metric>(metrics).map(([name, { type, time, timeline, batches, source }]) => ({
    name,
    type,
    time,
    timeline,
    batches,
    ...filledInGo(source),
    bounds: [...(bounds.get(name) ?? [])],
  }));
}

function filledInGo(source: Source): Pick<MetricDef, 'measured' | 'gaps' | 'on' | 'pulse'> {
  switch (source.from) {
    case 'request':
      return { measured: source.value };
    case 'gaps':
      return { gaps: true };
    case 'count':
      return { on: source.when };
    case 'pulse':
      return { pulse: source.value };
    case 'script':
    case 'truth':
    case 'page':
      return {};
  }
}

/** Values of one reading of such a page. */
export type TargetValues = Partial<Record<TargetMetric, number>>;
