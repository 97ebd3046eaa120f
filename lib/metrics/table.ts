import type { MetricDef } from 'k6/x/sse';

/**
 * The one table of metrics: names, units, types and meanings. k6's metrics are registered from it, objectives are
 * checked against it, and the README's list is made from it (`npm run params`). Definitions: DESIGN, "What a stream is
 * measured as". The formula of each `measured` stands in xk6-sse/measure.go.
 */
export interface Metric extends Omit<MetricDef, 'name' | 'bounds'> {
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
    | 'per second';
  meaning: string;
}

const ms = { type: 'trend', time: true, unit: 'ms' } as const;

export const metrics = {
  llm_ttfb: { ...ms, measured: 'ttfb', meaning: 'request sent to first body byte' },
  llm_first_chunk: { ...ms, measured: 'firstChunk', meaning: 'request sent to first SSE data event of any kind' },
  llm_ttft: {
    ...ms,
    measured: 'ttft',
    timeline: true,
    meaning: 'time to first token: request sent to first event with non-empty content, reasoning or tool-call delta',
  },
  llm_ttfo: { ...ms, measured: 'ttfo', meaning: 'request sent to first non-empty content delta that is not reasoning' },
  llm_inter_chunk: { ...ms, gaps: true, meaning: 'gap between two successive content-bearing events' },
  llm_e2e: {
    ...ms,
    measured: 'e2e',
    timeline: true,
    meaning: 'request sent to last content-bearing event (or last body byte of a plain answer)',
  },
  llm_tpot: {
    ...ms,
    measured: 'tpot',
    meaning: 'time per output token: (e2e - ttft) / (output tokens - 1), from 2 tokens on',
  },
  llm_tokens_per_second: {
    type: 'trend',
    measured: 'tokensPerSecond',
    unit: 'tokens/s',
    meaning: "one user's rate after the first token: (output tokens - 1) / (e2e - ttft)",
  },
  llm_tokens_per_chunk: {
    type: 'trend',
    measured: 'tokensPerChunk',
    unit: 'tokens/chunk',
    meaning: 'output tokens / content-bearing events; above 1 is coalescing',
  },
  llm_connect: {
    ...ms,
    measured: 'connect',
    meaning: 'TCP and TLS set-up of a new connection, apart from all the others',
  },
  llm_queue: { ...ms, measured: 'queue', meaning: 'how late the request was sent against its schedule' },
  llm_e2e_scheduled: {
    ...ms,
    measured: 'e2eScheduled',
    timeline: true,
    meaning: 'e2e counted from the scheduled time: what a user behind a stalled target waits (no coordinated omission)',
  },
  llm_ttft_scheduled: {
    ...ms,
    measured: 'ttftScheduled',
    timeline: true,
    meaning: 'ttft counted from the scheduled time',
  },
  llm_prompt_tokens: {
    type: 'trend',
    measured: 'promptTokens',
    unit: 'tokens',
    meaning: "prompt tokens by the server's usage",
  },
  llm_completion_tokens: {
    type: 'trend',
    measured: 'completionTokens',
    unit: 'tokens',
    meaning: "output tokens by the server's usage",
  },
  llm_goodput: {
    type: 'rate',
    measured: 'goodput',
    unit: 'share',
    meaning: 'share of requests that met every objective; errors stay in the denominator',
  },
  llm_stream_error: {
    type: 'rate',
    measured: 'failed',
    unit: 'share',
    meaning: 'share of requests that did not end well, tagged outcome',
  },
  llm_started: { type: 'counter', unit: 'count', on: 'start', meaning: 'requests started' },
  llm_finished: { type: 'counter', measured: 'ended', unit: 'count', meaning: 'requests that ended, tagged outcome' },
  llm_embeddings: { type: 'counter', measured: 'counted', unit: 'count', meaning: 'texts embedded' },
  llm_overhead_ttft: {
    ...ms,
    meaning: "the client's time to first token less the provider's own: what the gateway adds; needs PROVIDER_URL",
  },
  llm_overhead_chunk: {
    ...ms,
    meaning: "the provider's write of a content chunk to its arrival at the client; needs PROVIDER_URL",
  },
  llm_cost_usd: {
    type: 'trend',
    unit: 'USD',
    meaning: 'price of a request by its usage and the table PRICES; absent for a model without a price',
  },
  llm_cost_input_usd: { type: 'trend', unit: 'USD', meaning: 'the part of it that is for the prompt' },
  llm_verdict: {
    type: 'counter',
    unit: 'count',
    meaning: '1 in the tag verdict (PASS, FAIL or INVALID); written once, at the end',
  },
  llm_wanted_rate: {
    type: 'trend',
    unit: 'requests/s',
    pulse: 'wantedRate',
    meaning: 'what the schedule wants sent; twice a second',
  },
  llm_in_flight: {
    type: 'gauge',
    unit: 'requests',
    pulse: 'inFlight',
    meaning: 'requests sent whose answers have not ended; twice a second',
  },
  llm_generator_cpu: {
    type: 'gauge',
    unit: 'share',
    pulse: 'cpu',
    meaning: "k6's own share of all CPUs over the last second; twice a second",
  },
  llm_objectives_missed: {
    type: 'counter',
    unit: 'count',
    meaning: 'objectives that the target missed; written once, at the end',
  },
  target_cpu: {
    type: 'trend',
    unit: 'cores',
    meaning:
      'CPU time that the target used for each second: 1 is one core busy; needs METRICS_URLS, as all of target_*',
  },
  target_memory: { type: 'trend', unit: 'bytes', meaning: 'resident memory of the target' },
  target_heap: { type: 'trend', unit: 'bytes', meaning: 'heap in use, where its runtime tells (Go, Node)' },
  target_files: { type: 'trend', unit: 'count', meaning: 'open file descriptors of the target, sockets among them' },
  target_sockets: { type: 'trend', unit: 'count', meaning: 'open sockets of the target; npm run sampler tells them' },
  target_threads: { type: 'trend', unit: 'count', meaning: 'threads of the target' },
  target_tasks: { type: 'trend', unit: 'count', meaning: 'goroutines of the target' },
  target_in_flight: { type: 'trend', unit: 'requests', meaning: 'requests in the target by its own count' },
  target_loop_lag: { ...ms, meaning: "p99 of the delay of the target's event loop since the reading before (Node)" },
  target_collections: {
    type: 'trend',
    unit: 'per second',
    meaning: 'garbage collections of the target in a second (Go, Node, Python, JVM)',
  },
} as const satisfies Record<string, Metric>;

/** Gaps of one stream that become k6 samples; the histogram has all of them. */
export const gapSamples = 4;

export type MetricName = keyof typeof metrics;

/** What is read from the target's own pages: no request has it. */
export type TargetMetric = Extract<MetricName, `target_${string}`>;

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(metrics, name);
}

/** The table as the Go module wants it, with the limits whose sides it must count exactly. */
export function metricDefs(bounds: ReadonlyMap<string, readonly number[]>): MetricDef[] {
  return Object.entries<Metric>(metrics).map(([name, { type, time, gaps, timeline, measured, on, pulse }]) => ({
    name,
    type,
    time,
    gaps,
    timeline,
    measured,
    on,
    pulse,
    // What requests have is kept by when it came too, so that its intervals hold though requests depend on each other.
    batches: pulse === undefined && !name.startsWith('target_'),
    bounds: [...(bounds.get(name) ?? [])],
  }));
}

/** Values of one reading of such a page. */
export type TargetValues = Partial<Record<TargetMetric, number>>;
