import { recordedRequests, recordRequests } from 'k6/x/sse';
import { arrivals } from '../load';
import type { RequestsReport } from '../summary';
import type { Plan } from './test';

/*
 * REQUESTS: a line of JSON for each request, in a file beside run.json.
 */

/** The file's name in the run's folder. */
const name = 'requests.jsonl';

/** A sample has about so many requests. */
const sampleOf = 20_000;

/** Of so many requests one is kept. A closed load's number is not known before: of it every tenth is. */
function every({ p, load, closed }: Plan): number {
  if (p.requests !== 'sample') return 1;
  return closed ? 10 : Math.max(1, Math.ceil(arrivals(load) / sampleOf));
}

/** Begins the file, where one is asked for. Returns why it cannot be made, a sentence; "" when it can. */
export function beginRequests(plan: Plan, runId: string): string {
  const { requests, out } = plan.p;
  if (requests === undefined) return '';
  const failure = recordRequests(`${out}/${runId}/${name}`, every(plan), requests === 'failed');
  return failure && `the file of requests (REQUESTS=${requests}) cannot be made: ${failure}`;
}

/** Ends the file; what run.json says of it. Undefined where none was asked for. */
export function endRequests({ p: { requests }, ...plan }: Plan): RequestsReport | undefined {
  if (requests === undefined) return undefined;
  const { kept, leftOut, error, slowest } = recordedRequests();
  return {
    file: name,
    which: requests,
    one_in: every({ ...plan, p: { requests } } as Plan),
    kept,
    left_out: leftOut,
    slowest,
    ...(error ? { error } : {}),
  };
}
