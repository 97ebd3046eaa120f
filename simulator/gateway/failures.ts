import type { ErrorForm } from '../faults/early-fault';
import { Refusal } from '../http/exchange';
import type { Kind } from '../settings/types';
import { detail, internalError } from './errors';

/** The gateway's own wire, under a directive with `at=gateway`. */
export const gatewayFailure: ErrorForm = (status) => {
  if (status === 500) return { body: internalError() };
  return status === 429
    ? { body: { detail: 'Too Many Requests' }, headers: { 'retry-after': '1' } }
    : { body: { detail: 'Service Unavailable' } };
};

/**
 * How a call to the provider failed: its status, or null when there was no answer (connection refused, cut, not what
 * was asked).
 */
export type ProviderStatus = number | null;

/** What a failed provider call looks like to a plain client: the table of GATEWAY-API.md. */
export function plainFailure(kind: Kind, status: ProviderStatus, embeddings: boolean): Refusal {
  if (kind === 'vertex') {
    if (status === null || status >= 500 || embeddings) return new Refusal(500, internalError());
    return detail(400, 'Invalid request to Vertex AI.');
  }
  switch (status) {
    case 400:
      return detail(400, 'Bedrock validation error: the request was not accepted.');
    case 401:
    case 403:
      return detail(403, 'Access to the Bedrock model was denied.');
    case 404:
      return detail(404, 'The Bedrock model was not found.');
    case 429:
      return detail(429, 'Bedrock throttled the request.');
    default:
      return detail(503, 'Bedrock is not available.');
  }
}
