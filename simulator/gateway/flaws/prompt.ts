import { flag, integer, oneOf } from '../../settings/check';
import type { Family } from './family';

/** What the gateway makes of what the client asks. */
export interface PromptFlaws {
  /** Tokens of a system message that the gateway puts before the client's. */
  readonly system_prompt_tokens_added: number;
  readonly max_tokens_ignored: boolean;
  /** What the gateway puts before the client's messages changes with each request, so no cache knows the beginning. */
  readonly prompt_stamp: (typeof STAMPS)[number];
}

const STAMPS = ['none', 'time', 'request_id'] as const;

export const prompt: Family<PromptFlaws> = {
  system_prompt_tokens_added: { off: 0, check: integer(0, 1_000_000) },
  max_tokens_ignored: { off: false, check: flag },
  prompt_stamp: { off: 'none', check: oneOf(STAMPS) },
};

/** A system message with the time, or with a number of the request's own; none without the flaw. */
export function stampOf({ prompt_stamp: stamp }: PromptFlaws, id: string | null): object[] {
  if (stamp === 'none') return [];
  const content = stamp === 'time' ? `It is ${new Date().toISOString()}.` : `Request ${id}.`;
  return [{ role: 'system', content }];
}
