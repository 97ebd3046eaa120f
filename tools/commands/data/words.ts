import { encode as cl100k } from 'gpt-tokenizer/encoding/cl100k_base';
import { encode as o200k } from 'gpt-tokenizer/encoding/o200k_base';
import { encode as p50k } from 'gpt-tokenizer/encoding/p50k_base';
import { encode as r50k } from 'gpt-tokenizer/encoding/r50k_base';
import { randomOf } from './random';

/** The public tokenizers in which each word is one token. */
export const encodings = { cl100k_base: cl100k, o200k_base: o200k, p50k_base: p50k, r50k_base: r50k } as const;

/**
 * Words of which prompts of a given number of tokens are put together (lib/workload/exact.ts). Each is one token with a
 * space before it and without, in all these encodings. They first cut a text into words with the space before them and
 * never join two such words, so n of these words with spaces between them are n tokens, in any order. A power of two,
 * so that a number's bits choose words.
 */
export function wordsOf(seed: string, texts: readonly string[]): string[] {
  const found = new Set(texts.join(' ').match(/(?<=[\s"(])[a-z]{3,10}(?=[\s.,;:)"?])/g) ?? []);
  const fitting = [...found].sort().filter((word) => inAll(word) && inAll(` ${word}`));
  const shuffled = randomOf(`${seed}/words`).shuffle(fitting);
  const count = 2 ** Math.floor(Math.log2(shuffled.length));
  return shuffled.slice(0, count).sort();
}

const inAll = (text: string) => Object.values(encodings).every((encode) => encode(text).length === 1);
