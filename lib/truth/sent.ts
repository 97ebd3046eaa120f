import type { Arrival } from 'k6/x/sse';
import type { Call } from '../workload';

/** A request of the load as it was sent. */
export interface SentRequest {
  id: string;
  call: Call;
  arrival: Arrival;
  model: string;
}
