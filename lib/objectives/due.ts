import type { MetricName } from '../metrics';

/*
 * What a user waits begins when the request was due, not when somebody was free to send it. So objectives about a
 * request's times are judged by the metrics that count from there (no coordinated omission; Tene, How not to measure
 * latency, 2015). In a closed load, where a request is due when its user is free, the two are the same.
 */

const fromDue: Partial<Record<MetricName, MetricName>> = {
  llm_ttft: 'llm_ttft_scheduled',
  llm_e2e: 'llm_e2e_scheduled',
};

/** The metric whose values an objective about `metric` is judged by. */
export function judgedBy(metric: MetricName): MetricName {
  return fromDue[metric] ?? metric;
}
