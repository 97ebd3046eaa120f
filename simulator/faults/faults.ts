/**
 * Every way to misbehave, on the provider's wire or (directive `at=gateway`) on the gateway's. README.md says what each
 * does.
 */
export const FAULTS = [
  '429',
  '500',
  '503',
  'error_event',
  'cut',
  'reset',
  'hang_before',
  'hang_mid',
  'empty',
  'no_finish',
  'no_usage',
  'coalesced',
  'byte_at_a_time',
  'slow_first_byte',
  'html',
  'not_stream',
  'no_done',
  'refuse',
] as const;

export type FaultName = (typeof FAULTS)[number];

/** One fault of one request. `after`: content chunks before it strikes; `delay_ms`: for slow_first_byte. */
export interface Fault {
  readonly name: FaultName;
  readonly after: number;
  readonly delay_ms: number;
}

export const DEFAULT_AFTER = 3;
export const DEFAULT_DELAY_MS = 3000;

/** Whether there is a fault of this name. */
export function isFault(name: string): name is FaultName {
  return (FAULTS as readonly string[]).includes(name);
}
