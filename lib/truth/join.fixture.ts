import type { RequestDetail } from './detail';
import type { RequestNote } from './note';
import type { TruthRecord } from './record';

/*
 * One streamed request for tests, as its client noted it and as the simulated provider recorded it.
 */

/**
 * Sent at 1000 ms; the provider has the request at 1002, writes at 1042, 1062, 1082, and each chunk is 3 ms on its way.
 */
export const detail: RequestDetail = {
  kind: 'chat',
  size: 'small',
  key: 1,
  sentAt: 1000e6,
  ttfb: 4,
  firstChunk: 4,
  offsets: [45, 65, 85],
  served: 2,
  sentTokens: 0,
  promptTokens: 9,
  completionTokens: 7,
  texts: 0,
  maxTokens: 0,
  retryAfter: '',
};
export const note = (change: Partial<RequestNote> = {}, more: Partial<RequestDetail> = {}): RequestNote => ({
  id: 'x',
  index: 0,
  phase: 'load',
  model: 'm',
  sent: 0,
  ttft: 45,
  e2e: 85,
  end: 86,
  outcome: 'ok',
  status: 200,
  chunks: 3,
  words: 7,
  gap: 20,
  gapMax: 20,
  detail: { ...detail, ...more },
  ...change,
});
export const record = (change: Partial<TruthRecord> = {}): TruthRecord => ({
  seq: 2,
  id: 'x',
  model: 'm',
  wire: 'openai',
  region: '-',
  received_ns: 1002e6,
  first_byte_ns: 1003e6,
  content_ns: [1042e6, 1062e6, 1082e6],
  end_ns: 1083e6,
  status: 200,
  fault: null,
  prompt_tokens: 9,
  completion_tokens: 7,
  client_gone_ns: null,
  outcome: 'ok',
  ...change,
});
