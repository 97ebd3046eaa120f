import { stream } from 'k6/x/sse';
import { tokenizerOf, type Parameters } from '../config';
import { note, notes } from '../journal';
import { request } from '../openai';
import { exactPrompt, publicCount, tokenCount, type TokenCount } from '../workload';
import type { Feature } from './test';

/** Words of the two prompts by whose usage a model's count is found. */
const few = 100;
const many = 1100;

/**
 * Finds out before the load how each model's target counts the tokens of our prompts, where TOKENIZERS names no
 * tokenizer: from the usage of two prompts of known numbers of words. Where it tells none, the count is that of the
 * public tokenizers.
 */
export function withTokenCounts(): Feature {
  return { readies: ({ p }) => learnCounts(p, 'usage') };
}

/** Asks how the target counts for those models of which TOKENIZERS says that it be asked, or `unsaid` does. */
export function learnCounts(p: Parameters, unsaid?: 'usage'): void {
  for (const model of p.models) if ((tokenizerOf(model, p) ?? unsaid) === 'usage') note('tokens', asked(model, p));
}

/** A sentence for each model whose target was asked how it counts, and did not tell. */
export function countsNotTold(): string[] {
  const models = notes('tokens').kept.flatMap(({ told, model }) => (told ? [] : [model]));
  return models.map(
    (model) =>
      `how ${model} counts tokens is not known, because two answers before the load told no usage that shows it: its prompts have their tokens by the count of the public tokenizers, and by its own count they may have more or fewer`,
  );
}

/** How this model's target counts, as {@link learnCounts} found out; else as the public tokenizers do. */
export function countOf(model: string): TokenCount {
  // Before the load nothing is known: that is not kept.
  if (known.size === 0) for (const count of notes('tokens').kept) known.set(count.model, count);
  return known.get(model) ?? publicCount(model);
}

const known = new Map<string, TokenCount>();

function asked(model: string, p: Parameters): TokenCount {
  const told = (words: number) => {
    const content = exactPrompt(words, `${model}${words}${Date.now()}`);
    const messages = [{ role: 'user' as const, content }];
    const { url, params } = request({ kind: 'chat', size: 'probe', model, messages, maxTokens: 16 }, p, 0);
    const answer = stream(url, { ...params, probe: true });
    return { words, tokens: answer.outcome === 'ok' ? answer.promptTokens : -1 };
  };
  return tokenCount(model, told(few), told(many));
}
