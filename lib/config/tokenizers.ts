import { fields, ParameterError, type Env } from './reading';
import type { ParameterRow } from './row';

/*
 * Which tokenizer counts the prompts of a model, for prompts that are exact to the token.
 */

/** Tokenizers in which each word of data/words.json is one token (lib/workload/exact.test.ts counts it). */
const publicTokenizers = ['o200k_base', 'cl100k_base', 'p50k_base', 'r50k_base'] as const;
/** `usage`: the target is asked how it counts, by the usage of two prompts before the load. */
export type Tokenizer = (typeof publicTokenizers)[number] | 'usage';

export interface TokenizerParameters {
  /** By the model's name; `chat` stands for all chat models that are not named. */
  tokenizers?: Readonly<Record<string, Tokenizer>>;
}

export const tokenizerRows: readonly ParameterRow[] = [
  {
    name: 'TOKENIZERS',
    default: '{"chat":"usage"} in context-window, else none',
    allowed: 'JSON object, or @file',
    meaning: `which tokenizer counts the prompts of a model, by its name; "chat" stands for all that are not named: {"gpt-4o":"o200k_base","chat":"usage"}. ${publicTokenizers.join(', ')} are known; usage asks the target how it counts, before the load. PROMPT_TOKENS is then exact to the token, and context-window goes by it`,
  },
];

/** Reads and checks them. Throws {@link ParameterError}. */
export function tokenizerParameters(env: Env, readFile: (path: string) => string): TokenizerParameters {
  const given = fields(env, 'TOKENIZERS', readFile);
  if (given === undefined) return {};
  const known: readonly unknown[] = [...publicTokenizers, 'usage'];
  for (const [model, tokenizer] of Object.entries(given))
    if (!known.includes(tokenizer))
      throw new ParameterError(
        `TOKENIZERS is wrong: ${JSON.stringify(tokenizer)} of ${model} is no tokenizer that is known here: ${publicTokenizers.join(', ')} are. With usage the target is asked how it counts, which holds for every tokenizer`,
      );
  return { tokenizers: given as Record<string, Tokenizer> };
}

/** The tokenizer of a chat model; undefined: nothing is said of it. */
export const tokenizerOf = (model: string, { tokenizers }: TokenizerParameters): Tokenizer | undefined =>
  tokenizers && (Object.hasOwn(tokenizers, model) ? tokenizers[model] : tokenizers.chat);
