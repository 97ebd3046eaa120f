// For outcomes.e2e.test.ts and aimock.e2e.test.ts: one request for each case, each by a VU of its own, counted and told
// as JSON.
import exec from 'k6/execution';
import { configure, note, notes, snapshot, stream } from 'k6/x/sse';
import { readParameters } from '../config';
import { metricDefs } from '../metrics';
import { request } from './request';

/** One request, and what it takes; `name` tells it apart. */
export interface Case {
  name: string;
  base: string;
  prompt: string;
  /** The simulator's when absent. */
  key?: string;
  /** The scripts' default when absent. */
  model?: string;
  /** Time-outs to the first byte and between chunks, ms; 1000 when absent. */
  patience?: number;
  /** Asked for whole, not as a stream. */
  plain?: boolean;
  /** More parameters. */
  env?: Readonly<Record<string, string>>;
}

const cases = JSON.parse(__ENV.CASES ?? '[]') as Case[];
configure({ metrics: metricDefs(new Map()), slotSeconds: 1, gapSamples: 4 });

export const options = {
  scenarios: {
    cases: { executor: 'per-vu-iterations', vus: cases.length, iterations: 1, maxDuration: '60s', gracefulStop: '0s' },
  },
};

export default function (): void {
  const { name, base, prompt, key = 'gsai-sim-key', model, patience = 1000, plain, env } = cases[exec.vu.idInTest - 1]!;
  const p = readParameters(
    { BASE_URL: base, ...(key && { API_KEY: key }), ...(model && { MODEL: model }), ...env },
    open,
  );
  const { url, params, tags } = request(
    { kind: 'chat', size: name, plain, messages: [{ role: 'user', content: prompt }] },
    p,
    0,
  );
  const answer = stream(url, { ...params, tags, timeouts: { first: patience, idle: patience, total: 5 * patience } });
  answer.settle();
  note('answer', JSON.stringify({ name, error: answer.error, remarks: answer.remarks, text: answer.text }));
}

export function handleSummary(): Record<string, string> {
  const { started, finished, failed, interrupted, open: unfinished, lost, outcomes, rows } = snapshot();
  const counted = outcomes.map(({ tags, outcome, count }) => ({ name: tags.size, outcome, count }));
  const measured = rows.map(({ metric, tags, histogram }) => ({
    metric,
    name: tags.size,
    count: histogram.count,
    value: histogram.sum / histogram.count,
  }));
  const answers = notes('answer').kept.map((text) => JSON.parse(text) as unknown);
  const told = { started, finished, failed, interrupted, unfinished, lost, counted, measured, answers };
  return { stdout: JSON.stringify(told) };
}
