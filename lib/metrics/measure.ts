import type { Outcome, StreamRecord } from 'k6/x/sse';
import type { MetricName } from './table';

/** What the formulas need of a record; -1 stands for "did not happen" or "was not told". */
export type Measured = Pick<
  StreamRecord,
  'ttfb' | 'firstChunk' | 'ttft' | 'ttfo' | 'e2e' | 'connect' | 'reused' | 'queue' | 'promptTokens' | 'completionTokens' | 'contentEvents'
>;

export type Values = Partial<Record<MetricName, number>>;

/**
 * (e2e - ttft) / (output tokens - 1), ms per token: the time between tokens as the server's count of them has it.
 * Undefined below 2 tokens, where there is no gap to speak of, and where the tokens came in no measurable time.
 */
export function tpot(m: Measured): number | undefined {
  if (m.completionTokens < 2 || m.ttft < 0 || m.e2e <= m.ttft) return undefined;
  return (m.e2e - m.ttft) / (m.completionTokens - 1);
}

/**
 * The values of one request, in the units of the table. A duration that did not happen is absent, never 0 or Infinity.
 * Latencies of requests that did not end well are absent too (an error at 2 ms is not a fast answer), but for `llm_queue`
 * and `llm_connect`, which are the generator's and the network's.
 */
export function measure(m: Measured, outcome: Outcome, scheduled: boolean): Values {
  const values: Values = {};
  const put = (name: MetricName, value: number | undefined) => {
    if (value !== undefined && value >= 0) values[name] = value;
  };
  if (!m.reused) put('llm_connect', m.connect);
  if (scheduled) put('llm_queue', m.queue);
  values.llm_stream_error = outcome === 'ok' || outcome === 'cancelled' ? 0 : 1;
  if (outcome !== 'ok') return values;

  put('llm_ttfb', m.ttfb);
  put('llm_first_chunk', m.firstChunk);
  put('llm_ttft', m.ttft);
  put('llm_ttfo', m.ttfo);
  put('llm_e2e', m.e2e);
  if (scheduled) {
    put('llm_e2e_scheduled', m.queue + m.e2e);
    if (m.ttft >= 0) put('llm_ttft_scheduled', m.queue + m.ttft);
  }
  put('llm_prompt_tokens', m.promptTokens);
  put('llm_completion_tokens', m.completionTokens);
  if (m.contentEvents > 0) {
    if (m.completionTokens > 0) put('llm_tokens_per_chunk', m.completionTokens / m.contentEvents);
    const perToken = tpot(m);
    put('llm_tpot', perToken);
    if (perToken !== undefined) put('llm_tokens_per_second', 1000 / perToken);
  }
  return values;
}
