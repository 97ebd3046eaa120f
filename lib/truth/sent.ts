import type { Arrival } from 'k6/x/sse';
import type { Call } from '../workload';

/** A request of the load as it was sent. */
export interface SentRequest {
  id: string;
  call: Call;
  arrival: Arrival;
  model: string;
  /** Which of its VU's users sends it, from 0. */
  user: number;
  /** US dollars, when its answer has been booked; undefined without a price or a usage. */
  cost?: number;
}
