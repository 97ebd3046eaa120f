import { createHash } from 'node:crypto';
import type { ProviderModel } from '../settings/types';

/** Characters of a beginning: some 1,000 tokens, as of providers' own caches of prompts. */
const CHARACTERS = 5000;
const MOST = 10_000;

/** Beginnings of prompts that came before. */
export class Prefixes {
  readonly #seen = new Set<string>();

  /** Whether a prompt with this beginning came before; it has from now on. Short prompts are not kept. */
  has(contents: readonly string[], { cached_prefix_ttft_ms: ttft }: ProviderModel): boolean {
    if (ttft === 0) return false;
    const beginning = contents.join('\n').slice(0, CHARACTERS);
    if (beginning.length < CHARACTERS) return false;
    const hash = createHash('sha256').update(beginning).digest('base64');
    const known = this.#seen.has(hash);
    if (this.#seen.size >= MOST) this.#seen.clear();
    this.#seen.add(hash);
    return known;
  }
}
