import { stream, type StreamParams, type StreamRecord } from 'k6/x/sse';
import type { Parameters } from '../config';
import type { Call } from '../workload';
import { request } from './request';

/** One request beside the load: measured, and neither counted nor booked. `turn` chooses its model and key. */
export function probe(
  call: Call,
  p: Parameters,
  turn: number,
  timeouts: StreamParams['timeouts'] = { first: 10_000, idle: 10_000, total: 30_000 },
): StreamRecord {
  const { url, params } = request(call, p, turn);
  return stream(url, { ...params, probe: true, timeouts });
}
