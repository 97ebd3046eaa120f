import { number, oneOf, shape } from '../../settings/check';
import { blockEventLoop } from '../../time/block';
import { MAX_MS, type Family } from './family';

/** CPU on the event loop that grows with a size: ms_per_kb x KB^power. */
export interface Block {
  readonly ms_per_kb: number;
  readonly power: number;
}

const OVER_LIMIT = ['clear', 'empty', 'truncate', 'hang'] as const;

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
  /** Of each body so many times its bytes stay in memory. */
  readonly payload_kept: number;
  /** The same of each whole answer. */
  readonly answer_kept: number;
}

const block = shape<Block>({ ms_per_kb: number(0, MAX_MS), power: number(0, 4) });

export const payload: Family<PayloadFlaws> = {
  body_block: { off: { ms_per_kb: 0, power: 1 }, check: block },
  answer_block: { off: { ms_per_kb: 0, power: 1 }, check: block },
  over_limit: { off: 'clear', check: oneOf(OVER_LIMIT) },
  payload_kept: { off: 0, check: number(0, 1000) },
  answer_kept: { off: 0, check: number(0, 10_000) },
};

/** Keeps the event loop busy for a body of so many bytes. */
export function blockFor({ ms_per_kb: each, power }: Block, bytes: number): void {
  if (each > 0) blockEventLoop(Math.min(MAX_MS, each * (bytes / 1024) ** power));
}
