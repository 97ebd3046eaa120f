import { flag, integer } from '../../settings/check';
import type { Family } from './family';

/** What the gateway makes of what the client asks. */
export interface PromptFlaws {
  /** Tokens of a system message that the gateway puts before the client's. */
  readonly system_prompt_tokens_added: number;
  readonly max_tokens_ignored: boolean;
}

export const prompt: Family<PromptFlaws> = {
  system_prompt_tokens_added: { off: 0, check: integer(0, 1_000_000) },
  max_tokens_ignored: { off: false, check: flag },
};
