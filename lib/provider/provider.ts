import { sleep } from 'k6';
import http, { type RefinedParams, type RefinedResponse, type RequestBody } from 'k6/http';
import { routeHttp } from 'k6/x/sse';
import type { TruthRecord } from '../truth';

/*
 * The simulated provider's admin routes (simulator/README.md), which are on its own port, beside its API.
 */

/** `http://host:port` of a base URL. */
function origin(providerUrl: string): string {
  return /^https?:\/\/[^/]+/.exec(providerUrl)![0];
}

type TextParams = RefinedParams<'text'>;

/** As the requests of the load go: through the same proxy, where there is one. */
function ask(method: string, url: string, body: RequestBody | null, params: TextParams): RefinedResponse<'text'> {
  routeHttp();
  return http.request(method, url, body, { responseType: 'text', ...params });
}

const get = (url: string, params: TextParams) => ask('GET', url, null, params);

/** A sentence when no simulated provider answers there, else "". */
export function truthRefused(providerUrl: string): string {
  const answer = get(`${origin(providerUrl)}/truth?limit=0`, { timeout: '10s' });
  if (answer.status === 200 && typeof answer.body === 'string' && answer.body.includes('"monotonic ns"')) return '';
  const why = answer.status === 0 ? answer.error : `it answered ${answer.status}, and not as the simulator does`;
  return `the simulated provider PROVIDER_URL=${providerUrl} cannot be used: ${why}. Start it (npm run simulator), or give its address, or PROVIDER_URL=none when a real provider stands behind the gateway`;
}

/** What the provider recorded of the requests whose id begins with `run`; a sentence instead where it cannot be had. */
export function readTruth(providerUrl: string, run: string): { records: TruthRecord[] } | { failure: string } {
  const answer = get(`${origin(providerUrl)}/truth`, { timeout: '60s' });
  if (answer.status !== 200 || typeof answer.body !== 'string')
    return { failure: `the provider's record at ${providerUrl} could not be read: ${answer.error || answer.status}` };
  const { requests } = JSON.parse(answer.body) as { requests: TruthRecord[] };
  return { records: requests.filter((record) => record.id?.startsWith(run)) };
}

/** Records a page of the truth holds, and pages that are read: what a run of some hours makes. */
const pageSize = 2000;
const pagesAtMost = 500;
/** How long calls that still run are waited for: a gateway may leave them running after its client has hung up, ms. */
const patience = 10_000;

/** All that it recorded of them, and how many records of any run it has forgotten. */
function readPages(
  providerUrl: string,
  run: string,
): { records: TruthRecord[]; dropped: number } | { failure: string } {
  const records: TruthRecord[] = [];
  for (let page = 0; page < pagesAtMost; page++) {
    const after = records[records.length - 1]?.seq ?? 0;
    const answer = get(
      `${origin(providerUrl)}/truth?prefix=${encodeURIComponent(run)}&after=${after}&limit=${pageSize}`,
      { timeout: '60s' },
    );
    if (answer.status !== 200 || typeof answer.body !== 'string')
      return { failure: `the provider's record at ${providerUrl} could not be read: ${answer.error || answer.status}` };
    const { requests, dropped } = JSON.parse(answer.body) as { requests: TruthRecord[]; dropped: number };
    records.push(...requests);
    if (requests.length < pageSize) return { records, dropped };
  }
  return {
    failure: `the provider's record at ${providerUrl} holds more than ${pageSize * pagesAtMost} calls of this run: run a shorter load`,
  };
}

/** The same after the load: calls that still run are waited for, at most 10 s. */
export function settledTruth(providerUrl: string, run: string): ReturnType<typeof readPages> {
  const until = Date.now() + patience;
  for (;;) {
    const read = readPages(providerUrl, run);
    if ('failure' in read || Date.now() > until || !read.records.some((record) => record.outcome === 'open'))
      return read;
    sleep(0.25);
  }
}

/** Lays a patch over the provider's settings. Throws a sentence when it is refused. */
export function patchProvider(providerUrl: string, patch: object): void {
  const answer = ask('PATCH', `${origin(providerUrl)}/config`, JSON.stringify(patch), {
    headers: { 'content-type': 'application/json' },
    timeout: '10s',
  });
  if (answer.status !== 200)
    throw new Error(`the simulated provider ${providerUrl} refused a change: ${answer.error || String(answer.body)}`);
}
