import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';

/** Tokens of a text in o200k_base, without what a chat template adds around a message. */
export function tokensOf(text: string): number {
  return countTokens(text);
}
