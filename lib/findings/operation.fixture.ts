import type { RequestNote } from '../truth';
import type { Observed } from './observed';

/** A request that was answered in 100 ms. */
export const note = (more: Partial<RequestNote>): RequestNote => ({
  id: 'x',
  index: 0,
  phase: 'before',
  model: 'm',
  sent: 0,
  ttft: 100,
  e2e: 100,
  end: 100,
  outcome: 'ok',
  status: 200,
  chunks: 1,
  words: 1,
  gap: -1,
  gapMax: -1,
  ...more,
});
/** What a run showed, but for what is given: nothing. */
export const observed = (more: Partial<Observed>): Observed => ({ phases: [], timeline: [], requests: [], ...more });
/** What a finding says; "" where it is not made. */
export const sentenceOf = (found: readonly { id: string; text: string }[], id: string) =>
  found.find((each) => each.id === id)?.text ?? '';
