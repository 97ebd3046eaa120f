import { contentsOf } from '../generation/messages';
import { promptTokens } from '../generation/tokens';
import { NO_REGION, settingsOf } from '../settings/deployments';
import { isFields } from '../settings/merge';
import type { Config, GatewayModel } from '../settings/types';

/** How far over the provider's limit a prompt is, tokens; 0: it is not, or the limit is not known. */
export async function tokensOver(messages: readonly unknown[], model: GatewayModel, config: Config): Promise<number> {
  const limit = settingsOf(config, 'openai', NO_REGION, model.provider_model)?.context_limit ?? Infinity;
  return Math.max(0, (await promptTokens(contentsOf(messages))) - limit);
}

/** The messages with so many tokens fewer: words of the last one's end. */
export function truncated(messages: readonly unknown[], tokens: number): unknown[] {
  const last = messages[messages.length - 1];
  if (!isFields(last) || typeof last.content !== 'string') return [...messages];
  return [...messages.slice(0, -1), { ...last, content: last.content.split(' ').slice(0, -tokens).join(' ') }];
}
