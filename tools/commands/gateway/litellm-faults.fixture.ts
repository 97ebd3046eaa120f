import type { FaultName } from '../../../simulator/faults/faults';

/**
 * What LiteLLM makes of a provider's fault, on Bedrock's wire where it differs. It waits 5 s for a silent one, longer
 * than these requests do.
 */
const throughLiteLLM: Record<FaultName, string | [bedrock: string, vertex: string, openai: string]> = {
  '429': 'http_429',
  '500': 'http_5xx',
  '503': 'http_5xx',
  refuse: 'http_5xx',
  error_event: 'stream_error',
  cut: 'stream_error',
  reset: 'stream_error',
  hang_before: 'timeout_first',
  hang_mid: 'timeout_idle',
  empty: ['http_5xx', 'empty', 'empty'],
  no_finish: 'ok', // it makes up a finish reason
  no_usage: 'ok', // it counts by itself
  no_done: ['http_4xx', 'http_4xx', 'ok'], // the other two wires have no mark of the end, and the simulator says so
  coalesced: 'ok',
  byte_at_a_time: 'ok',
  slow_first_byte: 'ok',
  html: ['http_5xx', 'empty', 'empty'], // with a finish reason
  not_stream: ['http_5xx', 'ok', 'empty'], // Vertex's whole answer has the form of a piece of its stream
};

/** The providers' wires behind it. */
export const wires = ['bedrock', 'vertex', 'openai'] as const;

/** The outcome of a fault on a wire. */
export const expected = (fault: FaultName, wire: (typeof wires)[number]) => {
  const outcome = throughLiteLLM[fault];
  return typeof outcome === 'string' ? outcome : outcome[wires.indexOf(wire)]!;
};

/** A prompt that has the simulated provider make the fault. */
export const directive = (fault: string) =>
  `Please answer. [[sim ttft=200 rate=100 tokens=40 jitter=0 chunk=1 fault=${fault}${fault === 'slow_first_byte' ? ' delay=400' : ''}]]`;
