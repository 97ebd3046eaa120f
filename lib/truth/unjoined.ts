import { medianOf } from '../statistics';
import type { RequestNote } from './note';
import type { TruthRecord } from './record';

/**
 * Why requests cannot be joined with what the provider recorded of them, as a reason for INVALID; undefined where they
 * can. `dropped`: how many of its oldest records the provider has forgotten.
 */
export function unjoined(
  requests: readonly Pick<RequestNote, 'id' | 'outcome' | 'end'>[],
  { records, dropped }: { records: readonly Pick<TruthRecord, 'id'>[]; dropped: number },
  providerUrl: string,
): string | undefined {
  const known = new Set(records.map(({ id }) => id));
  if (dropped > 0 && requests.some(({ id }) => !known.has(id)))
    return `the simulated provider has forgotten ${dropped} of its records, so not all requests can be joined with them: raise its truth_limit`;
  if (requests.some(({ id }) => known.has(id))) return undefined;
  const failed = requests.filter(({ outcome }) => outcome !== 'ok');
  return failed.length === requests.length
    ? `the provider was never asked: all ${requests.length} requests failed after ${(medianOf(failed.map(({ end }) => end)) ?? 0).toFixed(0)} ms (${[...new Set(failed.map(({ outcome }) => outcome))].join(', ')}), and none reached the simulated provider ${providerUrl}: the gateway cannot reach it, or refuses them itself. Look at what it answers, at the name, the port and what the network lets through between the two`
    : `none of the ${requests.length} requests reached the simulated provider ${providerUrl}: the gateway asks another one, or drops the prompt. Give the provider's address, or PROVIDER_URL=none`;
}
