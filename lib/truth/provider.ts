import http from 'k6/http';
import type { TruthRecord } from './record';

/*
 * The simulated provider's admin routes (simulator/README.md), which are on its own port, beside its API.
 */

/** `http://host:port` of a base URL. */
function origin(providerUrl: string): string {
  return /^https?:\/\/[^/]+/.exec(providerUrl)![0];
}

/** A sentence when no simulated provider answers there, else "". */
export function truthRefused(providerUrl: string): string {
  const answer = http.get(`${origin(providerUrl)}/truth?limit=0`, { timeout: '10s' });
  if (answer.status === 200 && typeof answer.body === 'string' && answer.body.includes('"monotonic ns"')) return '';
  const why = answer.status === 0 ? answer.error : `it answered ${answer.status}, and not as the simulator does`;
  return `the simulated provider PROVIDER_URL=${providerUrl} cannot be used: ${why}. Start it (npm run simulator), or give its address, or PROVIDER_URL=none when a real provider stands behind the gateway`;
}

/** What the provider recorded of the requests whose id begins with `run`; a sentence instead where it cannot be had. */
export function readTruth(providerUrl: string, run: string): { records: TruthRecord[] } | { failure: string } {
  const answer = http.get(`${origin(providerUrl)}/truth`, { timeout: '60s' });
  if (answer.status !== 200 || typeof answer.body !== 'string') return { failure: `the truth of ${providerUrl} could not be read: ${answer.error || answer.status}` };
  const { requests } = JSON.parse(answer.body) as { requests: TruthRecord[] };
  return { records: requests.filter((record) => record.id?.startsWith(run)) };
}

/** Lays a patch over the provider's settings. Throws a sentence when it is refused. */
export function patchProvider(providerUrl: string, patch: object): void {
  const answer = http.request('PATCH', `${origin(providerUrl)}/config`, JSON.stringify(patch), { headers: { 'content-type': 'application/json' }, timeout: '10s' });
  if (answer.status !== 200) throw new Error(`the simulated provider ${providerUrl} refused a change: ${answer.error || String(answer.body)}`);
}
