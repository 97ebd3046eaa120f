import { flag } from '../../settings/check';
import type { Family } from './family';

/** What the gateway tells of a call, and wrongly. */
export interface ToldFlaws {
  readonly no_usage: boolean;
  readonly usage_double: boolean;
  /** The usage of all chunks is added up, as GSAi does with Vertex AI: too much where a provider repeats it. */
  readonly usage_added_up: boolean;
  /** Which tokens of the prompt came from the provider's cache is left out: a client is billed for all of them. */
  readonly cached_tokens_untold: boolean;
}

export const told: Family<ToldFlaws> = {
  no_usage: { off: false, check: flag },
  usage_double: { off: false, check: flag },
  usage_added_up: { off: false, check: flag },
  cached_tokens_untold: { off: false, check: flag },
};
