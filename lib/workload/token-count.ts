import { promptBucket } from '../metrics';
import { exactPrompt } from './exact';
import type { ChatCall } from './mix';

/** How the target counts a prompt of ours: so many tokens for each word, and so many beside them. */
export interface TokenCount {
  model: string;
  perWord: number;
  /** What a chat template adds. */
  beside: number;
  /** The target told its usage; else the count is that of the public tokenizers. */
  told: boolean;
}

/** By OpenAI's published rule a message adds 4 tokens, and a request 3. */
const openaiTemplate = 7;

/** The count of a model of which nothing is known: one token a word, and what OpenAI's template adds. */
export const publicCount = (model: string): TokenCount => ({ model, perWord: 1, beside: openaiTemplate, told: false });

/** From the usage of two prompts that differ in their number of words alone; -1: the target told none. */
export function tokenCount(model: string, few: Told, many: Told): TokenCount {
  const perWord = (many.tokens - few.tokens) / (many.words - few.words);
  if (few.tokens < 0 || many.tokens < 0 || !(perWord > 0.2 && perWord < 20)) return publicCount(model);
  return { model, perWord, beside: few.tokens - perWord * few.words, told: true };
}

interface Told {
  words: number;
  tokens: number;
}

/** Words of a prompt that has so many tokens by the target's count. */
function wordsFor(tokens: number, { perWord, beside }: TokenCount): number {
  return Math.max(1, Math.round((tokens - beside) / perWord));
}

/** A chat of so many tokens by the target's count, the template's among them. `own` begins its prompt. */
export function chatOfTokens(tokens: number, count: TokenCount, own: string, more: Partial<ChatCall> = {}): ChatCall {
  const content = exactPrompt(wordsFor(tokens, count), own);
  return {
    kind: 'chat',
    size: promptBucket(tokens),
    messages: [{ role: 'user', content }],
    // What is laid beside the usage adds the template's tokens again.
    tokens: tokens - openaiTemplate,
    ...more,
  };
}

/** Sizes that are asked, tokens: three in each bucket, and near the documented size. */
const sizes = [250, 500, 900, 1500, 3000, 7000, 10_000, 18_000, 30_000, 60_000, 120_000] as const;
const near = [0.9, 0.97] as const;

/** The sizes of a context window of so many tokens, the smallest first: the last two are near to it. */
export function sizesUpTo(window: number): number[] {
  return [...sizes.filter((size) => size < 0.85 * window), ...near.map((share) => Math.floor(share * window))];
}
