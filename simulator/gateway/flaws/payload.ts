import { number, oneOf, shape } from '../../settings/check';
import { NO_REGION, settingsOf } from '../../settings/deployments';
import type { Config, GatewayModel } from '../../settings/types';
import { contentsOf } from '../../generation/messages';
import { promptTokens } from '../../generation/tokens';
import { isFields } from '../../settings/merge';
import { blockEventLoop } from '../../time/block';
import { MAX_MS, type Family } from './family';

/** CPU on the event loop that grows with a size: ms_per_kb x KB^power. */
export interface Block {
  readonly ms_per_kb: number;
  readonly power: number;
}

export const OVER_LIMIT = ['clear', 'empty', 'truncate', 'hang'] as const;

/** What the size of a body does to the gateway. */
export interface PayloadFlaws {
  /** Taking a request's body apart costs this. */
  readonly body_block: Block;
  /** Making a plain answer costs this, when the provider has ended it. */
  readonly answer_block: Block;
  /**
   * What a prompt over the provider's limit gets. clear: what the provider's refusal gets. empty: 200 and nothing.
   * truncate: its last message is cut to fit, and nobody is told. hang: no answer at all.
   */
  readonly over_limit: (typeof OVER_LIMIT)[number];
}

const block = shape<Block>({ ms_per_kb: number(0, MAX_MS), power: number(0, 4) });

export const payload: Family<PayloadFlaws> = {
  body_block: { off: { ms_per_kb: 0, power: 1 }, check: block },
  answer_block: { off: { ms_per_kb: 0, power: 1 }, check: block },
  over_limit: { off: 'clear', check: oneOf(OVER_LIMIT) },
};

/** Keeps the event loop busy for a body of so many bytes. */
export function blockFor({ ms_per_kb: each, power }: Block, bytes: number): void {
  if (each > 0) blockEventLoop(Math.min(MAX_MS, each * (bytes / 1024) ** power));
}

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
