import type { Histogram } from 'k6/x/sse';
import { gather } from './gathered';
import type { MetricName } from '../../../lib/metrics';
import { mean, quantile } from '../../../lib/statistics';
import type { RunRecord } from '../../../lib/summary';

/*
 * The benchmark report of llm-d, version 0.2 (llm-d/llm-d-benchmark, benchmark_report/schema_v0_2.py): JSON that its
 * tools read beside the results of other load generators. It is about chats alone, since its figures are of generated
 * tokens; what has no value is left out.
 */

const percentiles = [
  ['p0p1', 0.001],
  ['p1', 0.01],
  ['p5', 0.05],
  ['p10', 0.1],
  ['p25', 0.25],
  ['p50', 0.5],
  ['p75', 0.75],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p99p9', 0.999],
] as const;

function statistics(h: Histogram, units: string, scale = 1) {
  if (h.count === 0) return undefined;
  return {
    units,
    mean: mean(h)! * scale,
    min: h.min * scale,
    ...Object.fromEntries(percentiles.map(([name, q]) => [name, quantile(h, q)! * scale])),
    max: h.max * scale,
  };
}

/** Milliseconds as the seconds that the format is written in by its own tools. */
const seconds = 0.001;

/** The chats of a run as llm-d's benchmark report (JSON), with times in seconds. */
export function benchmarkReport(run: RunRecord): string {
  const of = (metric: MetricName) => gather(run, metric, { kind: 'chat' });
  const started = Date.parse(run.started_at);
  const [prompts, outputs] = [of('llm_prompt_tokens'), of('llm_completion_tokens')];
  const chats = run.outcomes.filter(({ tags }) => tags.kind === 'chat');
  const count = (chosen: (outcome: string) => boolean) =>
    chats.filter(({ outcome }) => chosen(outcome)).reduce((sum, row) => sum + row.count, 0);
  const well = count((outcome) => outcome === 'ok' || outcome === 'cancelled');
  const perSecond = (amount: number, units: string) =>
    run.duration_s > 0 ? { units, mean: amount / run.duration_s } : undefined;
  const rate = Math.max(0, ...run.phases.map(({ wanted_rate }) => wanted_rate));
  const inputs = statistics(prompts, 'count');
  const made = {
    version: '0.2',
    run: {
      uid: run.run_id,
      time: {
        start: run.started_at,
        end: new Date(started + 1000 * run.duration_s).toISOString(),
        duration: `PT${run.duration_s}S`,
      },
    },
    scenario: {
      load: {
        metadata: { description: `${run.script}: ${run.row}` },
        standardized: {
          tool: 'gsai-perf',
          tool_version: run.environment.project,
          source: 'sampled',
          // Without the usage of answers the number of prompt tokens is not known: the format wants at least 1.
          input_seq_len: { distribution: 'other', value: Math.max(1, mean(prompts) ?? 1) },
          ...(rate > 0 ? { rate_qps: rate } : {}),
        },
        native: {
          config: { profile: run.profile, parameters: run.environment.parameters, target: run.environment.target },
        },
      },
    },
    results: {
      request_performance: {
        aggregate: {
          requests: {
            total: count(() => true),
            failures: count((outcome) => outcome !== 'ok' && outcome !== 'cancelled' && outcome !== 'interrupted'),
            incomplete: count((outcome) => outcome === 'interrupted'),
            input_length: inputs,
            output_length: statistics(outputs, 'count'),
          },
          latency: {
            time_to_first_token: statistics(of('llm_ttft'), 's', seconds),
            time_per_output_token: statistics(of('llm_tpot'), 's/token', seconds),
            request_latency: statistics(of('llm_e2e'), 's', seconds),
          },
          throughput: {
            input_token_rate: perSecond(prompts.sum, 'tokens/s'),
            output_token_rate: perSecond(outputs.sum, 'tokens/s'),
            total_token_rate: perSecond(prompts.sum + outputs.sum, 'tokens/s'),
            requests_rate: perSecond(well, 'queries/s'),
          },
        },
      },
    },
  };
  return `${JSON.stringify(made, null, 2)}\n`;
}
